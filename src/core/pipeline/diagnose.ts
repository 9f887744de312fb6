import { isMap, isScalar, visit } from "yaml";
import type { Scalar, YAMLMap } from "yaml";
import { usesOfJob } from "./aws.ts";
import {
  endOf,
  entries,
  field,
  mapAt,
  readDocument,
  startOf,
  textOf,
  type PipelineDocument,
} from "./document.ts";
import { finding, type Finding } from "./finding.ts";
import { authSteps, type Known } from "./diagnoseSteps.ts";
import { readJobs } from "./jobs.ts";
import { orb } from "./names.ts";
import { reachOf } from "./reach.ts";
import { withoutEntry } from "./withoutEntry.ts";
import { jobReferences } from "./workflows.ts";

const nothingKnown: Known = { roles: [], accounts: [] };

/**
 * Finds what goes wrong with AWS in a config that is otherwise right: long-lived keys, tokens in logs, settings
 * that win over the step, and what people copy from old pages. None for a text that cannot be read.
 */
export function diagnose(text: string, known: Known = nothingKnown): readonly Finding[] {
  const document = readDocument(text);
  if (document.kind === "problem") return [];
  return [
    ...environments(document),
    ...scripts(document),
    ...orbSteps(document),
    ...authSteps(document, known),
  ].toSorted((a, b) => a.offset - b.offset);
}

/** Keys in `environment`, wherever that is; profiles and regions in jobs that have the step. */
function environments(document: PipelineDocument): Finding[] {
  const found: Finding[] = [];
  visit(document.root, {
    Pair: (_, { key, value }, path) => {
      const parent = path.at(-1);
      if (!isScalar(key) || key.value !== "environment" || !isMap(value) || !isMap(parent)) return;
      for (const { key: name } of entries(document, value)) {
        const variable = textOf(name) ?? "";
        if (!/^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/.test(variable)) continue;
        const fix = withoutEntry(document, { map: value, parent }, name);
        found.push(finding(document, { id: "pipeline.find.staticKeys", args: { variable }, at: name, fix }));
      }
    },
  });
  const reach = reachOf(document);
  for (const { map, steps, name: job } of readJobs(document, jobReferences(document))) {
    if (map === undefined || steps === undefined || reach.steps(steps).found.length === 0) continue;
    const environment = mapAt(document, map, "environment");
    for (const { kind, name, offset, length } of usesOfJob(document, map)) {
      if (kind !== "variable" || environment === undefined) continue;
      const key = environment.items.find((pair) => isScalar(pair.key) && startOf(pair.key) === offset)?.key;
      const fix = isScalar(key) ? withoutEntry(document, { map: environment, parent: map }, key) : undefined;
      const args = { job, variable: name };
      found.push(finding(document, { id: "pipeline.find.overrides", args, at: { offset, length }, fix }));
    }
  }
  return found;
}

const printed =
  /(?:^|[;&|({]|\b(?:then|do)[ \t])[ \t]*(?:echo|printf|cat)\b[^\n;&|>]{0,300}\$\{?CIRCLE_OIDC_TOKEN(?:_V2)?\b[^\n;&|>]{0,300}(?=$|[;&)}])/m;

/** Scripts of `run` steps: the token in the log, and `<<` that CircleCI reads as an expression. */
function scripts(document: PipelineDocument): Finding[] {
  const { text, root } = document;
  const is21 = textOf(field(document, root, "version")?.value) === "2.1";
  const found: Finding[] = [];
  visit(root, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !["run", "command"].includes(textOf(key) ?? "") || !isScalar(value)) return;
      const start = startOf(value);
      const source = text.slice(start, endOf(text, value));
      const shown = printed.exec(source);
      if (shown !== null) {
        const lead = shown[0].length - shown[0].trimStart().length;
        const at = { offset: start + shown.index + lead, length: shown[0].length - lead };
        found.push(finding(document, { id: "pipeline.find.tokenPrinted", at, severity: "error" }));
      }
      if (is21) found.push(...heredocs(document, value, source));
    },
  });
  return found;
}

const expressions = /^(?:parameters|pipeline|matrix|include|not|and|or)$/;

/** `<<EOF` and `<<<`: escaped as `\\<<` they are the shell's again. What CircleCI knows stays its own. */
function heredocs(document: PipelineDocument, value: Scalar, source: string): Finding[] {
  const escape = value.type === "QUOTE_DOUBLE" ? "\\\\" : "\\";
  return [...source.matchAll(/(?<![\\<])<<(?:<|-?[ \t]{0,9}['"\\]?([A-Za-z_]\w{0,99}))/g)].flatMap(
    (match) => {
      if (match[1] !== undefined && expressions.test(match[1])) return [];
      const at = { offset: startOf(value) + match.index, length: match[0].length };
      const fix = [{ offset: at.offset, length: 0, text: escape }];
      return [finding(document, { id: "pipeline.find.heredoc", at, severity: "error", fix })];
    },
  );
}

/** Parameters of the orb before version 4, and what became of them. */
const renamed: Readonly<Record<string, string>> = {
  "role-arn": "role_arn",
  "aws-region": "region",
  "profile-name": "profile_name",
  "role-session-name": "role_session_name",
  "session-duration": "session_duration",
  "aws-access-key-id": "aws_access_key_id",
  "aws-secret-access-key": "aws_secret_access_key",
  "configure-default-region": "configure_default_region",
};

/** Steps of the orb `circleci/aws-cli`: parameters of old versions, and settings beside the command. */
function orbSteps(document: PipelineDocument): Finding[] {
  const orbs = mapAt(document, document.root, "orbs");
  const known = orbs === undefined ? [] : entries(document, orbs);
  const names = known.flatMap(({ key, value }) => {
    const [source, version = ""] = (textOf(value) ?? "").split("@");
    return source === orb.source && /^(?:[4-9]|volatile)/.test(version) ? [textOf(key) ?? ""] : [];
  });
  if (names.length === 0) return [];
  const found: Finding[] = [];
  visit(document.root, {
    Map: (_, map) => {
      const [first, ...others] = entries(document, map);
      const [name = "", command] = (textOf(first?.key) ?? "").split("/");
      if (first === undefined || command === undefined || !names.includes(name)) return;
      if (isMap(first.value)) found.push(...oldParameters(document, first.value));
      const lost = others.filter(({ key }) =>
        /^(?:role_arn|region|profile_name|role_session_name|session_duration)$/.test(textOf(key) ?? ""),
      );
      if (
        isScalar(first.value) &&
        first.value.value === null &&
        lost.length > 0 &&
        lost.length === others.length
      ) {
        const fix = lost.map(({ key }) => ({ offset: startOf(key), length: 0, text: "    " }));
        found.push(
          finding(document, {
            id: "pipeline.find.beside",
            args: { command: `${name}/${command}` },
            at: first.key,
            severity: "error",
            fix,
          }),
        );
      }
    },
  });
  return found;
}

function oldParameters(document: PipelineDocument, settings: YAMLMap): Finding[] {
  return entries(document, settings).flatMap(({ key }) => {
    const parameter = textOf(key) ?? "";
    const now = renamed[parameter];
    if (now === undefined) return [];
    const free = field(document, settings, now) === undefined;
    const length = endOf(document.text, key) - startOf(key);
    const fix = free ? [{ offset: startOf(key), length, text: now }] : undefined;
    return [
      finding(document, {
        id: "pipeline.find.oldParameter",
        args: { parameter, now },
        at: key,
        severity: "error",
        fix,
      }),
    ];
  });
}
