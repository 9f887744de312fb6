import { killMatrix } from "./support/kills.ts";
import { nothing } from "./support/scenario.ts";

killMatrix(nothing);
