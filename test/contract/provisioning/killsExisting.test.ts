import { killMatrix } from "./support/kills.ts";
import { existing } from "./support/scenario.ts";

killMatrix(existing);
