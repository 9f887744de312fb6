/** Sentences of commands, notifications and the tree. */
export const commandMessages = {
  "command.showLog": "Show Log",
  "command.runInTerminal": "Run {command}",
  "command.unexpected": "Something went wrong that should not have. The log has the details.",
  "command.copied": "Copied.",
  "command.manageTrust": "Manage Workspace Trust",
  "command.untrusted": "This works in a trusted workspace only. Trust the workspace first.",
} as const;
