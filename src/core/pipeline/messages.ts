/**
 * What can be said about a pipeline, by id. Placeholders are `{name}`: arguments of the problem, and `{line}`
 * and `{column}` (from 1) where it has a place. Part of the catalogue in `core/messages.ts`.
 */
export const pipelineMessages = {
  "pipeline.notYaml": "Line {line}, column {column}: this is not valid YAML ({detail}).",
  "pipeline.severalDocuments": "Line {line}: the file holds several YAML documents. A pipeline is one.",
  "pipeline.notPipeline": "This is not a CircleCI configuration: it has no jobs, workflows or version.",
  "pipeline.tooLarge": "The file has {size} characters. Files above {limit} are not read.",
  "pipeline.tooDeep": "Line {line}: the file is nested deeper than {limit} levels and is not read.",
  "pipeline.tooManyAliases": "Line {line}: the aliases of this file expand too far; it is not read.",

  "pipeline.noSuchJob": "The pipeline has no job {job}.",
  "pipeline.orbJob": "{job} comes from an orb, so it has no steps here. Add the step in a job of your own.",
  "pipeline.noSteps": "Line {line}: job {job} has no steps that a step could be added to.",
  "pipeline.jobFromAnchor":
    "Line {line}: job {job} is an alias of {anchor}. Edit it where {anchor} is defined.",
  "pipeline.stepsFromAnchor":
    "Line {line}: the steps of job {job} come from the anchor {anchor}, which other jobs may share. Add the step where {anchor} is defined, or give the job steps of its own.",
  "pipeline.stepsShared":
    "Line {line}: the steps of job {job} are used again on line {others}, which would get the step too.",
  "pipeline.flowSteps":
    "Line {line}: the steps of job {job} are written in brackets. Write them one per line, each after a hyphen.",
  "pipeline.stepsLayout":
    "Line {line}: the steps of job {job} are laid out so that none can be added safely.",
  "pipeline.windows": "Line {line}: job {job} runs on Windows. The step needs a job on Linux or macOS.",
  "pipeline.shell": "Line {line}: job {job} runs its steps with {shell}. The step needs sh or bash.",

  "pipeline.badRoleArn":
    "“{value}” is not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deploy.",
  "pipeline.badRegion": "“{value}” is not an AWS region, such as eu-central-1.",
  "pipeline.badDuration": "A session lasts between {least} and {most} seconds, not {value}.",
  "pipeline.badTokenVariable": "“{value}” is not a token variable of CircleCI.",
  "pipeline.badOutput": "“{value}” is not an output format that the step can set.",
  "pipeline.badProfile":
    "“{value}” cannot be the name of a profile: letters, digits, dots, hyphens and underscores, and not “default”.",
  "pipeline.doubleProfile": "Two sub-accounts have the same profile {value}.",
  "pipeline.partition": "{value} is in another AWS partition than the role of the pipeline.",
} as const;
