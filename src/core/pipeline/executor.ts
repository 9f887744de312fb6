import { isMap, isScalar, isSeq } from "yaml";
import type { Node, YAMLMap } from "yaml";
import { field, mapAt, resolve, textOf, type PipelineDocument } from "./document.ts";

/** Where a job runs, as far as the file alone tells. Orb executors and parameters are often unknown. */
export type Executor = {
  readonly kind: "docker" | "machine" | "macos" | "windows" | "unknown";
  /** By a parameter `posix` is Linux in some runs and macOS in others, `mixed` Windows in some and not in others. */
  readonly os: "linux" | "macos" | "posix" | "windows" | "mixed" | "unknown";
  /** The shell the job or its executor names for all steps; CircleCI's own choice where left out. */
  readonly shell?: string;
};

/** The values that parameters of a job take in the file: from its uses, their matrices, and its defaults. */
export type ParameterValues = ReadonlyMap<string, readonly Node[]>;

export const unknownExecutor: Executor = { kind: "unknown", os: "unknown" };

/**
 * Reads where a job runs out of its own keys or the executor it names.
 * Source: https://circleci.com/docs/reference/configuration-reference/#executors
 */
export function executorOf(document: PipelineDocument, job: YAMLMap, values: ParameterValues): Executor {
  const own = direct(document, job, values) ?? referred(document, job, values) ?? unknownExecutor;
  const shell = textOf(field(document, job, "shell")?.value);
  return shell === undefined ? own : { ...own, shell };
}

/** Reads one entry of `executors`. */
export function executorEntry(document: PipelineDocument, definition: Node | undefined): Executor {
  if (!isMap(definition)) return unknownExecutor;
  const shell = textOf(field(document, definition, "shell")?.value);
  const own = direct(document, definition, new Map()) ?? unknownExecutor;
  return { ...own, ...(shell === undefined ? {} : { shell }) };
}

function referred(document: PipelineDocument, job: YAMLMap, values: ParameterValues): Executor | undefined {
  const reference = field(document, job, "executor")?.value;
  if (reference === undefined) return undefined;
  return agreed(possible(reference, values).map((one) => named(document, one)));
}

function named(document: PipelineDocument, reference: Node): Executor {
  const name = textOf(isMap(reference) ? field(document, reference, "name")?.value : reference);
  if (name === undefined || name.includes("<<")) return unknownExecutor;
  const [orb = "", inOrb] = name.split("/");
  if (inOrb !== undefined) return fromOrb(textOf(mapField(document, "orbs", orb)));
  return executorEntry(document, mapField(document, "executors", name));
}

/** What a value stands for: itself, or whatever the parameter that it names is set to. */
function possible(node: Node, values: ParameterValues): readonly Node[] {
  const parameter = /^<<\s*parameters\.([\w-]+)\s*>>$/.exec(textOf(node) ?? "")?.[1];
  const found = parameter === undefined ? undefined : values.get(parameter);
  return found === undefined || found.length === 0 ? [node] : found;
}

/** One executor for several: what they have in common. */
function agreed(all: readonly Executor[]): Executor {
  const [first = unknownExecutor] = all;
  const kinds = new Set(all.map(({ kind }) => kind));
  const systems = new Set(all.map(({ os }) => os));
  const shells = new Set(all.map(({ shell }) => shell));
  const [shell] = shells;
  return {
    kind: kinds.size === 1 ? first.kind : "unknown",
    os: systems.size === 1 ? first.os : together(systems),
    ...(shells.size === 1 && shell !== undefined ? { shell } : {}),
  };
}

function together(systems: ReadonlySet<Executor["os"]>): Executor["os"] {
  if (systems.has("windows") || systems.has("mixed")) return "mixed";
  return systems.has("unknown") ? "unknown" : "posix";
}

function mapField(document: PipelineDocument, section: string, name: string): Node | undefined {
  const map = mapAt(document, document.root, section);
  return map === undefined ? undefined : field(document, map, name)?.value;
}

function fromOrb(orb: string | undefined): Executor {
  if (orb?.startsWith("circleci/windows@") === true) return { kind: "windows", os: "windows" };
  if (orb?.startsWith("circleci/macos@") === true) return { kind: "macos", os: "macos" };
  return unknownExecutor;
}

function direct(document: PipelineDocument, map: YAMLMap, values: ParameterValues): Executor | undefined {
  if (field(document, map, "docker") !== undefined) return { kind: "docker", os: "linux" };
  if (field(document, map, "macos") !== undefined) return { kind: "macos", os: "macos" };
  const machine = field(document, map, "machine");
  if (machine === undefined) return undefined;
  const inMachine = (name: string): Node | undefined =>
    isMap(machine.value) ? field(document, machine.value, name)?.value : undefined;
  const images = texts(inMachine("image") ?? machine.value, values);
  const sizes = texts(field(document, map, "resource_class")?.value ?? inMachine("resource_class"), values);
  return agreed(images.flatMap((image) => sizes.map((size) => machineOf(image, size))));
}

function texts(node: Node | undefined, values: ParameterValues): readonly string[] {
  return node === undefined ? [""] : possible(node, values).map((one) => textOf(one) ?? "");
}

function machineOf(image: string, size: string): Executor {
  if (/windows/i.test(image) || size.startsWith("windows.")) return { kind: "windows", os: "windows" };
  // `namespace/name` is a self-hosted runner, of any operating system; `<<` is a parameter.
  const open = size.includes("/") || image.includes("<<") || size.includes("<<");
  return { kind: "machine", os: open ? "unknown" : "linux" };
}

/** Collects what the parameters of a job are set to in its uses, in their matrices, and by default. */
export function parameterValues(
  document: PipelineDocument,
  job: YAMLMap,
  uses: readonly (YAMLMap | undefined)[],
): ParameterValues {
  const values = new Map<string, Node[]>();
  const add = (name: string, node: unknown): void => {
    const value = resolve(document, node);
    const list = isSeq(value) ? value.items.map((item) => resolve(document, item)) : [value];
    values.set(name, [...(values.get(name) ?? []), ...list.filter((one) => one !== undefined)]);
  };
  const parameters = mapAt(document, job, "parameters");
  for (const { key, value } of parameters?.items ?? []) {
    const name = isScalar(key) ? textOf(key) : undefined;
    const description = resolve(document, value);
    if (name === undefined) continue;
    const fallback = isMap(description) ? field(document, description, "default")?.value : undefined;
    let missing = uses.length === 0;
    for (const use of uses) {
      const matrix = use === undefined ? undefined : mapAt(document, use, "matrix");
      const inMatrix = matrix === undefined ? undefined : mapAt(document, matrix, "parameters");
      const given =
        (use === undefined ? undefined : field(document, use, name)?.value) ??
        (inMatrix === undefined ? undefined : field(document, inMatrix, name)?.value);
      if (given === undefined) missing = true;
      else add(name, given);
    }
    if (missing && fallback !== undefined) add(name, fallback);
  }
  return values;
}

/** Tells whether a shell, as `shell:` names it, runs POSIX `sh` scripts; a parameter counts as one that may. */
export function isPosixShell(shell: string): boolean {
  if (shell.includes("<<")) return true;
  const programs = shell
    .split(/\s+/)
    .map((word) => (word.split(/[/\\]/).at(-1) ?? "").replace(/\.exe$/i, ""));
  const program = programs.find((word) => word !== "" && word !== "env");
  return program !== undefined && ["sh", "bash", "dash", "ash", "zsh"].includes(program);
}
