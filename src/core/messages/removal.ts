/** Sentences about removing what was created: what stays, and why. */
export const removalMessages = {
  "removal.keep.notOurs": "It carries other tags: it was not made by this setup, or was made anew since.",
  "removal.keep.attachment":
    "An attachment has no tags, and the journal does not say that this setup made this one.",
  "removal.keep.managed": "CloudFormation or another AWS service manages it.",
  "removal.keep.audiences": "It also accepts these audiences, so others use it: {audiences}.",
  "removal.keep.provider": "Its audiences or thumbprints were changed since.",
  "removal.keep.edited":
    "What was changed here was changed again since. The command brings back what was there before.",
  "removal.keep.audience": "These roles ask for this audience by now: {roles}.",
  "removal.keep.arn": "It exists under another path or letter case: {arn}.",
  "removal.keep.trust": "Its trust policy was changed since.",
  "removal.keep.permissions": "It has policies that were added since: {policies}.",
  "removal.keep.boundary": "It was given the permissions boundary {arn} since.",
  "removal.keep.session": "Its longest session was changed since.",
  "removal.keep.document": "Its text was changed since.",
  "removal.keep.attached": "It is attached {count} more times, by somebody else.",
  "removal.keep.used": "These roles still trust it: {roles}.",
  "removal.keep.unlisted":
    "Others may use it: roles may not be listed with the profile {profile} ({action} is missing).",
  "removal.keep.unlistable": "Others may use it: the roles of the account could not be listed.",
  "removal.keep.unseen": "These roles trust it and could not be looked at: {roles}.",
  "removal.note.breaks": "These roles stay and trust it, and cannot be assumed through it any more: {roles}.",

  "removal.waiting":
    "AWS still counts what was removed a moment ago. Trying again, for {seconds} seconds at most.",
  "removal.lost": "The connection broke, and it could not be found out whether {name} was removed.",
  "removal.lost.advice": "Look again when the connection works.",
  "removal.noJournal":
    "The journal of this run cannot be opened on this computer, or another window is at work on it. Nothing was removed.",
  "removal.journal": "The note of what is about to be removed could not be stored. {name} was not removed.",
  "removal.journalAfter": "{name} was removed, but the note of it could not be stored.",
} as const;
