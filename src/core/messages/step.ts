/** Sentences about jobs of a pipeline and about how the step is to work in them. */
export const stepMessages = {
  "step.fact.everyBranch": "Runs on every branch.",
  "step.fact.branches": "Runs on {names}.",
  "step.fact.butBranches": "Runs on every branch but {names}.",
  "step.fact.noBranch": "Runs on no branch.",
  "step.fact.openBranches": "An expression decides on which branches it runs.",
  "step.fact.tags": "Runs on tags {names}.",
  "step.fact.butTags": "Runs on every tag but {names}.",
  "step.fact.openTags": "Tags may run it.",
  "step.fact.unused": "No workflow runs it.",
  "step.fact.docker": "Linux in Docker.",
  "step.fact.linux": "Linux machine.",
  "step.fact.macos": "macOS.",
  "step.fact.posix": "Linux in some runs, macOS in others.",
  "step.fact.windows": "Windows.",
  "step.fact.mixed": "Windows in some runs, elsewhere in others.",
  "step.fact.unknown": "The file does not tell where it runs: the step needs sh or bash there.",
  "step.fact.shell": "Shell {shell}.",
  "step.fact.orb": "Uses the orb’s {names}.",
  "step.fact.tool": "Calls {names}.",
  "step.fact.keys": "Uses long-lived keys ({names}).",
  "step.fact.dockerAuth": "Pulls its image with AWS keys.",
  "step.fact.variables": "Sets {names}.",
  "step.fact.ours": "Has the step for {role}.",
  "step.fact.oursUnnamed": "Has the step.",
  "step.fact.noAws": "AWS is not seen in it.",
  "step.fact.deploy": "Looks like a deploy.",

  "step.style.profiles": "Short-lived keys as profiles",
  "step.style.profiles.detail":
    "The step asks AWS for keys and writes them as profiles. Needs the aws CLI in the job.",
  "step.style.webIdentityFile": "Web identity file",
  "step.style.webIdentityFile.detail":
    "The token goes into a file, and the aws CLI and SDKs fetch keys with it themselves, until it expires an hour after the job has started.",
  "step.style.command": "Reusable command",
  "step.style.command.detail":
    "The same as the profiles, written once as the command aws-oidc-auth that the jobs call.",
  "step.style.orb": "Orb circleci/aws-cli",
  "step.style.orb.detail": "CircleCI’s own orb gets the keys, and installs the aws CLI where it is missing.",

  "step.fixedCommand": "The config has this command already, for this role: it is called as it is.",
  "step.lifetime.keys": "The keys last {minutes} minutes.",
  "step.lifetime.long":
    "The keys last {minutes} minutes, which the role must allow: AWS sets a maximum session duration of an hour unless told otherwise. Raise it with: aws iam update-role --role-name {role} --max-session-duration {seconds}",
  "step.lifetime.file":
    "Keys are fetched anew until the job’s token expires, an hour after the job has started.",

  "step.problem.minutes": "Enter a number of minutes, such as 20, or leave it empty.",
  "step.problem.fileTooLong":
    "A web identity file is good for an hour after the job has started. For a longer step choose another style.",
  "step.problem.shared": "Choose what happens to the steps that several jobs share.",
  "step.problem.style": "Not all chosen jobs can take this style. Choose another one, or other jobs.",
  "step.problem.orbSkip":
    "The orb cannot be skipped on branches. Choose another style, or let it fail there.",

  "step.short.keys": "Keys for {minutes} minutes",
  "step.short.file": "Keys until the token expires",
  "step.short.inline": "Shared steps are copied",
  "step.short.edit": "Also in {others}",
  "step.short.skip": "Skipped on other branches",
  "step.short.fail": "Fails where the role refuses",

  "step.ways.edit": "Edit them for all",
  "step.ways.edit.detail": "These jobs get the step too: {jobs}.",
  "step.ways.edit.alone": "Every job that has these steps is chosen.",
  "step.ways.inline": "Copy them into the job",
  "step.ways.inline.detail":
    "Only {jobs} gets the step. The copy does not follow later changes of the shared steps.",

  "step.elsewhere.fail": "The step fails",
  "step.elsewhere.fail.detail": "The job stops with a sentence that says why.",
  "step.elsewhere.skip": "The step is skipped",
  "step.elsewhere.skip.detail":
    "It says so and the job goes on, without AWS credentials. Only on {branches} does it ask AWS.",
} as const;
