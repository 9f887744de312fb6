import { isAlias, isMap, isSeq } from "yaml";
import type { YAMLMap, YAMLSeq } from "yaml";
import { needsCredentials, usesOfStep, type AwsUse } from "./aws.ts";
import { entries, field, mapAt, resolve, startOf, textOf, type PipelineDocument } from "./document.ts";
import { commandName, marker, stepName } from "./names.ts";
import { orbSettingsOf, settingsOf, type StepSettings } from "./settings.ts";

/** A step of ours that was found. */
export type FoundStep = StepSettings & {
  /** The sequence it is an item of, and its index there. */
  readonly seq: YAMLSeq;
  readonly index: number;
  readonly offset: number;
  readonly kind: "run" | "orb";
  /** The script, or the text of the orb's settings. */
  readonly command: string;
  /** The reusable command it stands in. */
  readonly via?: string;
};

/** What a sequence of steps does, with everything that the commands and conditions in it do. */
export type Summary = {
  readonly checkout: boolean;
  readonly uses: readonly AwsUse[];
  readonly found: readonly FoundStep[];
  /** The reusable commands of the file that are called, directly or not. */
  readonly commands: ReadonlySet<string>;
  readonly needsAws: boolean;
};

/** Reads steps; what commands do is worked out once for each. */
export type Reach = {
  readonly steps: (seq: YAMLSeq) => Summary;
  readonly item: (seq: YAMLSeq, index: number) => Summary;
};

const nothing: Summary = { checkout: false, uses: [], found: [], commands: new Set(), needsAws: false };
const limits = { depth: 40, list: 50, commands: 200 };

/** Prepares reading the steps of a document. Commands that call themselves count once. */
export function reachOf(document: PipelineDocument): Reach {
  const commands = mapAt(document, document.root, "commands");
  const defined = new Map(
    commands === undefined
      ? []
      : entries(document, commands).map(({ key, value }) => [textOf(key) ?? "", value] as const),
  );
  const known = new Map<string, Summary>();

  const command = (name: string, depth: number): Summary | undefined => {
    const definition = defined.get(name);
    const seq = isMap(definition) ? field(document, definition, "steps")?.value : undefined;
    if (!isSeq(seq)) return undefined;
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, nothing);
    const inner = depth > limits.depth ? nothing : steps(seq, depth + 1);
    const summary = {
      ...inner,
      found: inner.found.map((one) => (one.via === undefined ? calledBy(name, one) : one)),
      commands: new Set([name, ...[...inner.commands].slice(0, limits.commands)]),
    };
    known.set(name, summary);
    return summary;
  };

  const item = (seq: YAMLSeq, index: number, depth = 0): Summary => {
    const node = resolve(document, seq.items[index]);
    const word = textOf(node) ?? (isMap(node) ? textOf(entries(document, node)[0]?.key) : undefined) ?? "";
    const called = command(word, depth);
    const nested =
      isMap(node) && (word === "when" || word === "unless") ? conditional(document, node, word) : undefined;
    const own: Summary = {
      ...nothing,
      checkout: word === "checkout",
      uses: usesOfStep(document, seq.items[index]),
      found: ourStep(document, seq, index),
    };
    // Our own step calls the CLI too, and is not what it is to come before.
    const mine = own.found.length > 0 ? { ...own, uses: [] } : own;
    // What is checked out under a condition only does not count.
    const inside = nested === undefined ? nothing : { ...steps(nested, depth + 1), checkout: false };
    return joined([mine, called ?? nothing, inside]);
  };

  const steps = (seq: YAMLSeq, depth = 0): Summary =>
    depth > limits.depth ? nothing : joined(seq.items.map((_, index) => item(seq, index, depth)));

  return { steps: (seq) => steps(seq), item: (seq, index) => item(seq, index) };
}

/** A step inside a command. One inside our own is in that style; elsewhere somebody put it there. */
function calledBy(name: string, { ...one }: FoundStep): FoundStep {
  const ours = name === commandName && one.style === "profiles";
  return { ...one, via: name, ...(ours ? { style: "command" as const } : {}) };
}

function conditional(document: PipelineDocument, node: YAMLMap, word: string): YAMLSeq | undefined {
  const inner = mapAt(document, node, word);
  const seq = inner === undefined ? undefined : field(document, inner, "steps")?.value;
  return isSeq(seq) ? seq : undefined;
}

function joined(all: readonly Summary[]): Summary {
  const uses = all.flatMap((one) => one.uses).slice(0, limits.list);
  return {
    checkout: all.some(({ checkout }) => checkout),
    uses,
    found: all.flatMap(({ found }) => found).slice(0, limits.list),
    commands: new Set(all.flatMap(({ commands }) => [...commands]).slice(0, limits.commands)),
    needsAws: all.some(({ needsAws }) => needsAws) || uses.some(needsCredentials),
  };
}

/** The step if it is ours: by its name, by what its script is known by if it was renamed, or by our comment. */
function ourStep(document: PipelineDocument, seq: YAMLSeq, index: number): FoundStep[] {
  const item: unknown = seq.items[index];
  const offset = isAlias(item) || isMap(item) ? startOf(item) : 0;
  const run = runMap(document, item);
  if (run !== undefined) {
    const command = textOf(field(document, run, "command")?.value) ?? "";
    const ours =
      textOf(field(document, run, "name")?.value) === stepName || command.includes(`'${stepName}: %s\\n'`);
    return ours ? [{ seq, index, offset, kind: "run", command, ...settingsOf(command) }] : [];
  }
  if (!isMap(item)) return [];
  const [first] = entries(document, item);
  const word = textOf(first?.key) ?? "";
  const line = document.text.slice(offset, document.text.indexOf("\n", offset) >>> 0);
  if (first === undefined || !/\/(?:setup|role_arn_setup)$/.test(word) || !line.includes(marker)) return [];
  return [{ seq, index, offset, kind: "orb", command: "", ...orbSettingsOf(document, first.value) }];
}

/** The map under `run:` of a step, if it has one. */
export function runMap(document: PipelineDocument, item: unknown): YAMLMap | undefined {
  const node = resolve(document, item);
  return isMap(node) ? mapAt(document, node, "run") : undefined;
}

/** The name under which our reusable command is called by an item, if it is. */
export function callsOurCommand(document: PipelineDocument, item: unknown): boolean {
  return textOf(resolve(document, item)) === commandName;
}
