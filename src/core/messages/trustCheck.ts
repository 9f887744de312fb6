/** Sentences of the command Check a Trust Policy. */
export const trustCheckMessages = {
  "trustCheck.none": "This is no trust policy: there is no JSON with a Statement that names a Principal.",
  "trustCheck.tooLong": "This is too long to look for a trust policy in it: select the policy.",
  "trustCheck.nothing":
    "Open or select the JSON of a trust policy first, or choose a role in the Roles view.",
  "trustCheck.clean": "Nothing to object to in this trust policy.",
  "trustCheck.notes": "Nothing to object to in this trust policy. Notes in Problems: {count}.",
  "trustCheck.found":
    "This trust policy is not as it should be, see Problems. Critical: {critical}. Warnings: {warnings}.",
  "trustCheck.template":
    "It has template expressions: what is found may be about them. Check the policy that they produce.",
  "trustCheck.show": "Show Problems",
  "trustCheck.withFix": "{message} Fix: {title}.",
} as const;
