/** Sentences about editing the CircleCI config: CodeLenses, quick picks, and what can stand in the way. */
export const pipelineEditorMessages = {
  "pipelineEditor.lens.insert": "Insert AWS auth step",
  "pipelineEditor.lens.present": "AWS OIDC auth: {role} ✓",
  "pipelineEditor.lens.presentUnknown": "AWS OIDC auth ✓",
  "pipelineEditor.lens.update": "Update",

  "pipelineEditor.updated": "The step of job {job} has the settings of the setup now. Undo takes that back.",
  "pipelineEditor.alsoIn": "So it is in the jobs that share it: {jobs}.",
  "pipelineEditor.updated.unsaved":
    "The step of job {job} has the settings of the setup now. The config had changes of yours that are not saved yet: save it when you are ready.",
  "pipelineEditor.updated.written":
    "The step of job {job} has the settings of the setup now, written without the editor: Undo does not take that back.",

  "pipelineEditor.fix": "Put this right",
  "pipelineEditor.fix.remove": "Remove {variable}",
  "pipelineEditor.fix.rename": "Write {now}",
  "pipelineEditor.fix.escape": "Escape as \\<<",
  "pipelineEditor.fix.indent": "Indent the settings",
  "pipelineEditor.fix.token": "Use CIRCLE_OIDC_TOKEN_V2",

  "pipelineEditor.config.gone": "{file} is not there any more. Nothing was written.",
  "pipelineEditor.config.missing": "{folder} has no .circleci/config.yml.",
  "pipelineEditor.config.missing.advice":
    "Open the folder that has it, or open the config itself and run the command again.",
  "pipelineEditor.config.unreadable": "{file} could not be read.",
  "pipelineEditor.config.tooLarge": "{file} has {size} bytes. Files above {limit} are not read.",
  "pipelineEditor.config.notUtf8": "{file} is not UTF-8 text, so it is not edited.",
  "pipelineEditor.config.leadsOut":
    "{file} leads out of its folder through a symbolic link, so it is not edited.",
  "pipelineEditor.config.leadsOut.advice": "Open the folder the link points to and run the command there.",
  "pipelineEditor.config.otherText":
    "The editor shows another text of {file} than there is on disk, or reads it in another encoding than UTF-8.",
  "pipelineEditor.config.otherText.advice": "Run “File: Revert File” on it to read it anew, then try again.",

  "pipelineEditor.job.branches": "On branches other than {branches} the step fails: the role refuses them.",
  "pipelineEditor.job.tagsOnly": "The role admits tags only: on branches the step fails.",
  "pipelineEditor.job.noBranch":
    "The job runs on {runs} only, and the role admits {branches} only: the step would always fail.",
  "pipelineEditor.job.tags": "On tags the step fails: the role admits {admitted} only.",
  "pipelineEditor.job.present": "Job {job} has the step already, with these settings.",
  "pipelineEditor.job.different": "Job {job} has the step already, with other settings. It is left as it is.",
  "pipelineEditor.job.otherRole": "Job {job} has the step already, for {role}. It is left as it is.",
  "pipelineEditor.job.none": "There is no job in {file} that can take the step.",

  "pipelineEditor.preview.title": "{file}: with the AWS auth step",
  "pipelineEditor.changes.title": "{file}: before and after the AWS auth step",

  "pipelineEditor.mixed.question": "{file} has different kinds of line ends.",
  "pipelineEditor.mixed.detail":
    "The editor can save only one kind, so every line of the other kind would change too. The file can also be written without the editor: nothing else changes then, but Undo does not take it back.",
  "pipelineEditor.mixed.normalise": "Make All Line Ends the Same",
  "pipelineEditor.mixed.bytes": "Keep Them, Write the File",

  "pipelineEditor.write.changed":
    "{file} was changed by something else meanwhile, so the step was not added.",
  "pipelineEditor.write.tryAgain": "Try again.",
  "pipelineEditor.write.failed": "{file} could not be written.",
  "pipelineEditor.write.notSaved": "The step is in the editor, but {file} could not be saved.",
  "pipelineEditor.write.notSaved.advice": "Save the file yourself, or take the step back with Undo.",
  "pipelineEditor.write.readOnly": "The editor of {file} is read-only, so nothing was changed.",
  "pipelineEditor.write.readOnly.advice":
    "Run “Set Active Editor Writeable in Session” from the command palette, or change the setting files.readonlyInclude, and try again.",
  "pipelineEditor.write.otherEdit":
    "The step is in the editor, but something else edited {file} at the same moment, so it was not saved.",
  "pipelineEditor.write.otherEdit.advice": "Look at the file, then save it yourself or undo.",
  "pipelineEditor.write.otherBytes":
    "{file} was saved, but something changed it on the way: it holds more than the step.",
  "pipelineEditor.write.otherBytes.advice":
    "Compare it with your last commit. An extension that edits files on saving may be the reason.",

  "pipelineEditor.pick.config": "Which CircleCI config?",
  "pipelineEditor.pick.role": "Which AWS role?",
  "pipelineEditor.pick.role.setups": "Set up here",
  "pipelineEditor.pick.role.connected": "In the connected account",
  "pipelineEditor.pick.role.new": "Set Up AWS Access…",
  "pipelineEditor.pick.region": "AWS region of the job",
  "pipelineEditor.pick.region.prompt": "The region that AWS commands of the job use, such as eu-central-1",
  "pipelineEditor.pick.jobs": "Which jobs of {file}?",
  "pipelineEditor.pick.jobs.all": "The jobs that get the step",
  "pipelineEditor.pick.jobs.some":
    "The jobs that get the step. {count} that have it or cannot take it are not listed.",

  "pipelineEditor.pick.how": "How should the step work?",
  "pipelineEditor.how.recommended": "As recommended",
  "pipelineEditor.how.chosen": "As chosen",
  "pipelineEditor.how.refused": "Refused runs",
  "pipelineEditor.how.more": "Or choose",
  "pipelineEditor.how.style": "Another style…",
  "pipelineEditor.how.minutes": "How long the longest AWS step takes…",
  "pipelineEditor.how.placement": "Where it goes…",
  "pipelineEditor.how.shared": "What happens to steps that several jobs share…",
  "pipelineEditor.how.elsewhere": "What happens on branches that the role refuses…",
  "pipelineEditor.how.otherJobs": "Other jobs…",
  "pipelineEditor.how.widen": "Let more runs in: Set Up AWS Access…",

  "pipelineEditor.pick.placement": "Where does the step go?",
  "pipelineEditor.pick.placement.afterCheckout": "After checkout",
  "pipelineEditor.pick.placement.afterCheckout.detail":
    "Every later step has the credentials, also those that do not show that they use AWS",
  "pipelineEditor.pick.placement.beforeAws": "Right before the first step that uses AWS",
  "pipelineEditor.pick.placement.beforeAws.detail":
    "Installing and testing run without credentials on disk. What scripts of yours do is not seen",

  "pipelineEditor.noRole": "No AWS role is known here yet. Set up AWS access first.",
  "pipelineEditor.noRole.setUp": "Set Up AWS Access",

  "pipelineEditor.inserted.one": "The step was added to job {jobs}. Undo takes it back.",
  "pipelineEditor.inserted.many": "The step was added to the jobs {jobs}. Undo takes it back.",
  "pipelineEditor.inserted.unsaved":
    "The step was added to {jobs}. The config had changes of yours that are not saved yet: save it when you are ready.",
  "pipelineEditor.inserted.written":
    "The step was added to {jobs}, without the editor: Undo does not take it back.",
  "pipelineEditor.inserted.show": "Show Changes",
} as const;
