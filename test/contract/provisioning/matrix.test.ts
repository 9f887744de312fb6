import { faultMatrix } from "./support/matrix.ts";
import { nothing } from "./support/scenario.ts";

faultMatrix(nothing);
