/*
 * What the commands load when the first of them is run: one file is loaded as fast as several that share most of what
 * they need, and packs smaller.
 */
export { compareChosenSetup } from "./drift/compare.ts";
export { runInsertCommand } from "./pipeline/command.ts";
export { offerRecovery } from "./recovery/index.ts";
export { removeChosenSetup } from "./teardown/remove.ts";
export { runCheckCommand } from "./trustCheck/command.ts";
export { createTrustSession } from "./trustCheck/session.ts";
export { runWizard } from "./wizard/panel.ts";
