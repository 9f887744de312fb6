/** Sentences of the wizard’s last pages: the step in the pipeline, and what comes after it. */
export const wizardPipelineMessages = {
  "wizard.pipeline.heading": "Add the step to your pipeline",
  "wizard.pipeline.intro":
    "The step AWS OIDC auth gets short-lived credentials at the start of a job. It goes after checkout, or first where there is none.",
  "wizard.pipeline.busy": "Reading the CircleCI config…",
  "wizard.pipeline.noFolder": "No folder is open, so there is no config to add the step to.",
  "wizard.pipeline.config": "CircleCI config",
  "wizard.pipeline.config.hint":
    "CircleCI reads .circleci/config.yml; a setup pipeline continues with other files.",
  "wizard.pipeline.jobs": "Jobs in {file}",
  "wizard.pipeline.none": "There is no job in {file} that can take the step.",
  "wizard.pipeline.present": "The step is in already, with these settings.",
  "wizard.pipeline.different": "The step is in already, with other settings. It is left as it is.",
  "wizard.choice.heading": "How should the step work?",
  "wizard.choice.style": "Style",
  "wizard.choice.minutes": "Minutes that the longest AWS step takes",
  "wizard.choice.minutes.placeholder": "15 or less",
  "wizard.choice.placement": "Where it goes",
  "wizard.choice.shared": "Steps that several jobs share",
  "wizard.choice.elsewhere": "On branches that the role refuses",
  "wizard.choice.advanced": "Advanced",
  "wizard.choice.sessionName": "Session name",
  "wizard.choice.sessionName.hint":
    "What the name in CloudTrail begins with. The number and the name of the job follow.",
  "wizard.choice.roleVariable": "Variable that holds the role’s ARN",
  "wizard.choice.roleVariable.hint":
    "The ARN does not stand in the config then. Set the variable in the project or in a context of the job.",
  "wizard.refused.title": "The role refuses some runs of these jobs",
  "wizard.refused.ways": "Choose other jobs, or let more runs in on the page Access.",
  "wizard.refused.ways.skip":
    "Choose other jobs, let more runs in on the page Access, or let the step be skipped elsewhere.",
  "wizard.refused.leaveOut": "Leave these jobs out",
  "wizard.refused.widen": "Let more runs in",
  "wizard.pipeline.preview": "Show the diff",
  "wizard.pipeline.insert": "Insert the step",
  "wizard.pipeline.inserting": "Inserting…",
  "wizard.pipeline.skip": "Not now",
  "wizard.pipeline.again": "Read the config again",

  "wizard.done.heading": "Done",
  "wizard.done.role": "Role ARN",
  "wizard.done.created": "The provider and the roles are in place.",
  "wizard.done.inserted": "The step is in the config, in these jobs: {jobs}. The config is saved.",
  "wizard.done.alsoIn": "These jobs share their steps and have it too: {jobs}.",
  "wizard.done.insertedUnsaved":
    "The step is in the config, in these jobs: {jobs}. The config had changes of yours that are not saved yet: save it when you are ready.",
  "wizard.done.notInserted":
    "The step has not been added to a job. Run “CircleCI OIDC: Insert AWS Auth Step” when you want to.",
  "wizard.done.next": "What happens next",
  "wizard.done.next.commit":
    "Commit and push the config. The next build of the job gets its credentials by OIDC.",
  "wizard.done.next.permissions":
    "The role {role} may do nothing yet. Attach the policies your jobs need, or run the wizard again.",
  "wizard.done.next.keys":
    "When the build is green, delete the AWS keys from CircleCI’s project and context variables, and then from IAM.",
  "wizard.done.remove": "How to remove it all",
} as const;
