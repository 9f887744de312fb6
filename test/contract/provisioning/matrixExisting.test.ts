import { faultMatrix } from "./support/matrix.ts";
import { existing } from "./support/scenario.ts";

faultMatrix(existing);
