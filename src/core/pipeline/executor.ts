import { isMap } from "yaml";
import type { YAMLMap } from "yaml";
import { field, mapAt, textOf, type PipelineDocument } from "./document.ts";

/** Where a job runs, as far as the file alone tells. Orb executors and parameters are often unknown. */
export type Executor = {
  readonly kind: "docker" | "machine" | "macos" | "windows" | "unknown";
  readonly os: "linux" | "macos" | "windows" | "unknown";
  /** The shell the job or its executor names for all steps; CircleCI's own choice where left out. */
  readonly shell?: string;
};

const unknown: Executor = { kind: "unknown", os: "unknown" };

/**
 * Reads where a job runs out of its own keys or the executor it names.
 * Source: https://circleci.com/docs/reference/configuration-reference/#executors
 */
export function executorOf(document: PipelineDocument, job: YAMLMap): Executor {
  const own = direct(document, job) ?? named(document, job) ?? unknown;
  const shell = textOf(field(document, job, "shell")?.value);
  return shell === undefined ? own : { ...own, shell };
}

function named(document: PipelineDocument, job: YAMLMap): Executor | undefined {
  const reference = field(document, job, "executor")?.value;
  const name = textOf(isMap(reference) ? field(document, reference, "name")?.value : reference);
  if (name === undefined) return undefined;
  const [orb = "", inOrb] = name.split("/");
  if (inOrb !== undefined) return fromOrb(textOf(mapField(document, "orbs", orb)));
  const definition = mapField(document, "executors", name);
  if (!isMap(definition)) return undefined;
  const shell = textOf(field(document, definition, "shell")?.value);
  return { ...(direct(document, definition) ?? unknown), ...(shell === undefined ? {} : { shell }) };
}

function mapField(document: PipelineDocument, section: string, name: string) {
  const map = mapAt(document, document.root, section);
  return map === undefined ? undefined : field(document, map, name)?.value;
}

function fromOrb(orb: string | undefined): Executor {
  if (orb?.startsWith("circleci/windows@") === true) return { kind: "windows", os: "windows" };
  if (orb?.startsWith("circleci/macos@") === true) return { kind: "macos", os: "macos" };
  return unknown;
}

function direct(document: PipelineDocument, map: YAMLMap): Executor | undefined {
  const resourceClass = textOf(field(document, map, "resource_class")?.value) ?? "";
  if (field(document, map, "docker") !== undefined) return { kind: "docker", os: "linux" };
  if (field(document, map, "macos") !== undefined) return { kind: "macos", os: "macos" };
  const machine = field(document, map, "machine");
  if (machine === undefined) return undefined;
  const inMachine = (name: string): string =>
    isMap(machine.value) ? (textOf(field(document, machine.value, name)?.value) ?? "") : "";
  const image = inMachine("image") || (textOf(machine.value) ?? "");
  const size = resourceClass || inMachine("resource_class");
  if (/windows/i.test(image) || size.startsWith("windows.")) return { kind: "windows", os: "windows" };
  // `namespace/name` is a self-hosted runner, of any operating system; `<<` is a parameter.
  const open = size.includes("/") || image.includes("<<") || size.includes("<<");
  return { kind: "machine", os: open ? "unknown" : "linux" };
}

/** Tells whether a shell, as `shell:` names it, runs POSIX `sh` scripts; a parameter counts as one that may. */
export function isPosixShell(shell: string): boolean {
  if (shell.includes("<<")) return true;
  const programs = shell.split(/\s+/).map((word) => word.split("/").at(-1) ?? "");
  const program = programs.find((word) => word !== "" && word !== "env");
  return program !== undefined && ["sh", "bash", "dash", "ash"].includes(program);
}
