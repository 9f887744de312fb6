import { isMap, isScalar, isSeq } from "yaml";
import type { Node, Scalar, YAMLMap } from "yaml";
import { entries, field, mapAt, resolve, startOf, textOf, type PipelineDocument } from "./document.ts";

/** Something in a job that has to do with AWS. `name` is the orb's command, the program or the variable. */
export type AwsUse = {
  readonly kind:
    /** A command or a job of an orb for AWS. */
    | "orb"
    /** The `aws` CLI, or a tool that calls AWS. */
    | "tool"
    /** A long-lived key, set or used. */
    | "staticKeys"
    /** `aws_auth` of a Docker image. */
    | "dockerAuth"
    /** A variable that changes which profile or region is used. */
    | "variable";
  readonly name: string;
  readonly offset: number;
  readonly length: number;
};

const staticKeys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
const variables = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"];

// At the start of a command only: `pip install aws` and `# aws` are not calls.
const tool =
  /(?:^|[;&|(`]|\b(?:then|do|else|if|sudo|exec|npx|bunx|yarn|time)[ \t])[ \t]*(?:\w+=[^\s;]*[ \t]+)*(?:[\w./-]{0,99}\/)?(aws|cdk|sam|eksctl|ecs-cli|copilot|chalice|s3cmd|terraform|tofu|terragrunt|pulumi|serverless|sls|packer)[ \t]+(?=[\w"'$-])/m;

/** The first tool for AWS that a shell script calls. */
export function awsTool(script: string): string | undefined {
  return tool.exec(script)?.[1];
}

/** Whether the source of an orb, such as `circleci/aws-ecr@9`, is one for AWS. */
export function isAwsOrb(source: string | undefined): boolean {
  return /^[^@]*\b(?:aws|amazon|ecr|ecs|eks|s3)\b/i.test(source ?? "");
}

/** What a step does with AWS by itself, without what the commands it calls do. */
export function usesOfStep(document: PipelineDocument, item: unknown): AwsUse[] {
  const node = resolve(document, item);
  const word = textOf(node);
  if (node !== undefined && word !== undefined) return orbUse(document, node, word);
  if (!isMap(node)) return [];
  return entries(document, node).flatMap(({ key, value }) => {
    const name = textOf(key) ?? "";
    if (name === "run") return usesOfRun(document, value);
    return isMap(value)
      ? [...orbUse(document, key, name), ...keysInTexts(document, value)]
      : orbUse(document, key, name);
  });
}

function orbUse(document: PipelineDocument, at: Node, word: string): AwsUse[] {
  const [orb, command] = word.split("/");
  if (orb === undefined || command === undefined) return [];
  const orbs = mapAt(document, document.root, "orbs");
  const source = orbs === undefined ? undefined : textOf(field(document, orbs, orb)?.value);
  return isAwsOrb(source) ? [use("orb", word, at)] : [];
}

function usesOfRun(document: PipelineDocument, run: Node | undefined): AwsUse[] {
  const map = isMap(run) ? run : undefined;
  const command = map === undefined ? run : field(document, map, "command")?.value;
  const script = textOf(command) ?? "";
  const called = awsTool(script);
  const found = command !== undefined && called !== undefined ? [use("tool", called, command)] : [];
  const keys =
    command === undefined
      ? []
      : staticKeys.filter((name) => script.includes(name)).map((name) => use("staticKeys", name, command));
  return [...found, ...keys, ...(map === undefined ? [] : usesOfEnvironment(document, map))];
}

/** Parameters of orb commands often name the variables that hold the keys. */
function keysInTexts(document: PipelineDocument, map: YAMLMap): AwsUse[] {
  return entries(document, map).flatMap(({ value }) => {
    const name = staticKeys.find((one) => textOf(value)?.includes(one) === true);
    return name === undefined || value === undefined ? [] : [use("staticKeys", name, value)];
  });
}

/** The variables for AWS among the `environment` of a job, a step, an executor or an image. */
export function usesOfEnvironment(document: PipelineDocument, owner: YAMLMap): AwsUse[] {
  const environment = mapAt(document, owner, "environment");
  if (environment === undefined) return [];
  return entries(document, environment).flatMap(({ key }) => {
    const name = textOf(key) ?? "";
    if (staticKeys.includes(name)) return [use("staticKeys", name, key)];
    return variables.includes(name) ? [use("variable", name, key)] : [];
  });
}

/** What a job or an executor says of AWS before its first step: its environment and that of its images. */
export function usesOfJob(document: PipelineDocument, owner: YAMLMap): AwsUse[] {
  const images = field(document, owner, "docker")?.value;
  const inImages = (isSeq(images) ? images.items : []).flatMap((item) => {
    const image = resolve(document, item);
    if (!isMap(image)) return [];
    const auth = entries(document, image).find(({ key }) => textOf(key) === "aws_auth");
    const pulled = auth === undefined ? [] : [use("dockerAuth", "aws_auth", auth.key)];
    return [...usesOfEnvironment(document, image), ...pulled];
  });
  return [...usesOfEnvironment(document, owner), ...inImages];
}

function use(kind: AwsUse["kind"], name: string, at: Node | Scalar): AwsUse {
  const end = isScalar(at) ? (at.range?.[1] ?? 0) : startOf(at);
  return { kind, name, offset: startOf(at), length: Math.max(end - startOf(at), 0) };
}

/** Whether a use needs credentials, so that the step has to come before it. */
export function needsCredentials({ kind }: AwsUse): boolean {
  return kind === "orb" || kind === "tool";
}

/** Whether a job looks like one that deploys: by its names, or by the orbs and tools it uses. */
export function looksLikeDeploy(names: readonly string[], uses: readonly AwsUse[], scripts: string): boolean {
  if (
    names.some((name) => /deploy|release|publish|ship|promot|roll-?out|provision|terraform|infra/i.test(name))
  ) {
    return true;
  }
  const orb = uses.some(({ kind, name }) => kind === "orb" && !/\/(?:setup|install)\b/.test(name));
  return (
    orb ||
    /\b(?:cdk|sam|serverless|sls|copilot)\s+deploy\b|\b(?:terraform|tofu)\s+apply\b|\baws\s+s3\s+sync\b|\bupdate-service\b/.test(
      scripts,
    )
  );
}
