/**
 * What can be said about a pipeline, by id. Placeholders are `{name}`: arguments of the problem, and `{line}`
 * and `{column}` (from 1) where it has a place. Part of the catalogue in `core/messages.ts`.
 */
export const pipelineMessages = {
  "pipeline.notYaml": "Line {line}, column {column}: this is not valid YAML ({detail}).",
  "pipeline.template":
    "Line {line}: this is no YAML yet but a template ({mark}). Open the file that is made from it, or add the step to the template by hand.",
  "pipeline.severalDocuments": "Line {line}: the file holds several YAML documents. A pipeline is one.",
  "pipeline.notPipeline": "This is not a CircleCI configuration: it has no jobs, workflows or version.",
  "pipeline.tooLarge": "The file has {size} characters. Files above {limit} are not read.",
  "pipeline.tooDeep": "Line {line}: the file is nested deeper than {limit} levels and is not read.",
  "pipeline.tooManyAliases": "Line {line}: the aliases of this file expand too far; it is not read.",

  "pipeline.noSuchJob": "The pipeline has no job {job}.",
  "pipeline.otherName": "{name} is a name that a workflow gives to job {job}. Add the step to {job}.",
  "pipeline.noStep": "Job {job} does not have the step.",
  "pipeline.noSteps": "Line {line}: job {job} has no steps that a step could be added to.",
  "pipeline.jobFromAnchor":
    "Line {line}: job {job} is an alias of {anchor}. Edit it where {anchor} is defined.",
  "pipeline.stepsFromAnchor":
    "Line {line}: the steps of job {job} come from the anchor {anchor}, which other jobs may share. Add the step where {anchor} is defined, or give the job steps of its own.",
  "pipeline.stepsShared":
    "Line {line}: the steps of job {job} are used again on line {others}, which would get the step too.",
  "pipeline.flowSteps":
    "Line {line}: the steps of job {job} are written in brackets that this cannot be put into. Choose another style, or write them one per line, each after a hyphen.",
  "pipeline.stepsLayout":
    "Line {line}: the steps of job {job} are laid out so that none can be added safely.",
  "pipeline.mixedExecutors":
    "Line {line}: job {job} runs on Windows in some workflows and elsewhere in others. Make it two jobs.",
  "pipeline.shell":
    "Line {line}: job {job} runs its steps with {shell}, and the file does not tell on which system. The step needs sh or bash.",
  "pipeline.styleShell":
    "Line {line}: job {job} runs with another shell than sh or bash. A command or an orb cannot be used there: choose another style.",
  "pipeline.inCommand":
    "Line {line}: the step of job {job} is in the command {command}, which {others} uses too.",
  "pipeline.otherCommand":
    "Line {line}: the command {name} is in the file with other settings, which other jobs use. Update it first, or choose another style.",
  "pipeline.commandTaken": "Line {line}: the file has another command that is called {name}.",
  "pipeline.oldOrb":
    "Line {line}: the file has the orb circleci/aws-cli in version {version}, whose parameters are other ones. Update it to 5 first.",
  "pipeline.needs21":
    "Line {line}: orbs, commands and pre-steps need version 2.1, and this config has {version}.",
  "pipeline.sectionLayout":
    "Line {line}: {section} is laid out so that nothing can be added safely. Write its entries one per line.",

  "pipeline.warn.severalNames": "Job {job} runs under the names {names}: all of them get the step.",
  "pipeline.warn.keepsCredentials":
    "Line {line}: {step} of job {job} keeps {path}, which holds ~/.aws with the credentials. Whoever gets it gets them too.",
  "pipeline.warn.variable":
    "Line {line}: {variable} of job {job} wins over what the step writes. Take it out of the job.",
  "pipeline.warn.orbRegion":
    "Job {job}: the orb gives the profiles of sub-accounts no region. Pass --region, or set AWS_REGION in the job.",
  "pipeline.warn.noAwsStep":
    "Line {line}: no step of job {job} is seen to use AWS, so the new one is where it would be anyway.",

  "pipeline.find.staticKeys":
    "{variable} in the config is a long-lived key, or stands in for one: it wins over every role. With the AWS OIDC step no key is needed.",
  "pipeline.find.overrides":
    "{variable} of job {job} wins over what the step AWS OIDC auth writes. Take it out of the job.",
  "pipeline.find.tokenPrinted":
    "This prints the job's OIDC token into the log, which CircleCI does not mask. Whoever reads it within the hour can use it.",
  "pipeline.find.heredoc":
    "CircleCI 2.1 reads << as the start of an expression. Write \\<< for a heredoc, or use printf.",
  "pipeline.find.oldParameter":
    "The orb circleci/aws-cli has no parameter {parameter} since version 4. It is called {now}.",
  "pipeline.find.beside":
    "These settings stand beside {command} and not below it, so the command does not get them. Indent them further.",
  "pipeline.find.unknownRole":
    "{role} is not among the roles of the connected account that CircleCI can assume.",
  "pipeline.find.refused":
    "{role} admits {admitted} only, and job {job} never runs there: the step always fails.",
  "pipeline.find.otherProject":
    "{role} admits no job of this project, {project} by .circleci/info.yml: AWS refuses it.",
  "pipeline.find.otherRepository":
    "{role} admits no run for this repository, {repository}: AWS refuses what its changes start.",
  "pipeline.find.oldToken":
    "{role} is for certain branches only, and CIRCLE_OIDC_TOKEN does not name the branch. Use CIRCLE_OIDC_TOKEN_V2.",

  "pipeline.badRoleArn":
    "“{value}” is not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deploy.",
  "pipeline.badRegion": "“{value}” is not an AWS region, such as eu-central-1.",
  "pipeline.chainTooLong":
    "A step of {minutes} minutes is too long for roles of sub-accounts: AWS limits them to an hour at a time.",
  "pipeline.stepTooLong":
    "A step of {minutes} minutes is longer than any session: AWS limits them to 12 hours.",
  "pipeline.badStyle": "“{value}” is not a style of the step that can be used here.",
  "pipeline.fileDuration":
    "With a web identity file no duration can be set: its credentials are fetched anew until the job's token expires.",
  "pipeline.directStyle":
    "Profile {value} is a role that the token itself is traded for. Only the style with a web identity file can do that.",
  "pipeline.orbToken": "The orb takes the token CIRCLE_OIDC_TOKEN_V2 only.",
  "pipeline.orbExternalId":
    "The orb cannot give an external ID, which the role of the profile {profile} wants. Choose another style.",
  "pipeline.orbBranches": "The orb cannot be skipped on branches. Choose another style.",
  "pipeline.badSessionName":
    "“{value}” cannot begin the name of a session: 2 to 32 letters, digits and _+=,.@-.",
  "pipeline.badBranch": "“{value}” is not a branch that the step can be limited to.",
  "pipeline.badVariable": "“{value}” is not an environment variable, such as DEPLOY_ROLE_ARN.",
  "pipeline.badDuration": "A session lasts between {least} and {most} seconds, not {value}.",
  "pipeline.badTokenVariable": "“{value}” is not a token variable of CircleCI.",
  "pipeline.badOutput": "“{value}” is not an output format that the step can set.",
  "pipeline.badProfile":
    "“{value}” cannot be the name of a profile: letters, digits, dots, hyphens and underscores, and not “default”.",
  "pipeline.badExternalId": "“{value}” is not an external ID: 2 to 1,224 letters, digits and +=,.@:/-_.",
  "pipeline.directExternalId":
    "The role of the profile {profile} is assumed with the job's token, which takes no external ID. Leave the external ID out.",
  "pipeline.doubleProfile": "Two sub-accounts have the same profile {value}.",
  "pipeline.partition": "{value} is in another AWS partition than the role of the pipeline.",
} as const;
