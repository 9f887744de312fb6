import { faultMatrix } from "./support/matrix.ts";
import { full } from "./support/scenario.ts";

/* What is else called is the same as in the scenario `existing`. */
faultMatrix(full, ({ action }) => action.includes("Polic") && !action.includes("Role"));
