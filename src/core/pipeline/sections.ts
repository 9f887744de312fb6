import { isMap, isScalar, isSeq, visit } from "yaml";
import type { Scalar, YAMLMap } from "yaml";
import { endOf, entries, field, mapAt, startOf, textOf, type PipelineDocument } from "./document.ts";
import { runItem, type Prepared } from "./items.ts";
import { afterStep, blockLines, lineStart, linesAt, marginOf, nextLine, pastDeepLines } from "./layout.ts";
import { restOfLine, withoutLines, type TextEdit } from "./layout.ts";
import { commandName, marker, orb } from "./names.ts";
import type { Expected } from "./plain.ts";
import { problem, type PipelineProblem } from "./problem.ts";
import type { Reach } from "./reach.ts";

/** What a style needs outside the jobs: the orb's entry, or the reusable command. */
export type Stanza = {
  readonly kind: "stanza";
  readonly orbName: string;
  readonly edits: readonly TextEdit[];
  readonly expected: readonly Expected[];
  /** The command is there with other settings, which a job that came to call it would get. */
  readonly other?: PipelineProblem;
};

const empty: Stanza = { kind: "stanza", orbName: orb.name, edits: [], expected: [] };

/** Prepares the orb or the command; nothing where it is there or not needed. */
export function stanzaFor(
  document: PipelineDocument,
  reach: Reach,
  prepared: Prepared,
): Stanza | PipelineProblem {
  if (prepared.kind === "run") return empty;
  const version = field(document, document.root, "version")?.value;
  const written = textOf(version) ?? "1";
  if (written !== "2.1") {
    const place = document.place(version === undefined ? 0 : startOf(version));
    return problem("pipeline.needs21", { version: written }, place);
  }
  return prepared.kind === "orb" ? orbStanza(document) : commandStanza(document, reach, prepared.script);
}

function orbStanza(document: PipelineDocument): Stanza | PipelineProblem {
  const orbs = mapAt(document, document.root, "orbs");
  const known = orbs === undefined ? [] : entries(document, orbs);
  for (const { key, value } of known) {
    const [source, version = ""] = (textOf(value) ?? "").split("@");
    if (source !== orb.source) continue;
    if (/^(?:5(?:\.|$)|volatile$)/.test(version)) return { ...empty, orbName: textOf(key) ?? orb.name };
    return problem("pipeline.oldOrb", { version }, document.place(startOf(key)));
  }
  const taken = known.some(({ key }) => textOf(key) === orb.name);
  const orbName = taken ? `${orb.name}-oidc` : orb.name;
  const source = `${orb.source}@${orb.version}`;
  const added = addEntry(document, "orbs", orbName, [`${orbName}: ${source} ${marker}`], source);
  return "id" in added ? added : { ...added, orbName };
}

function commandStanza(document: PipelineDocument, reach: Reach, script: string): Stanza | PipelineProblem {
  const commands = mapAt(document, document.root, "commands");
  const found = commands === undefined ? undefined : field(document, commands, commandName);
  if (found !== undefined) {
    const steps = isMap(found.value) ? field(document, found.value, "steps")?.value : undefined;
    const ours = isSeq(steps) ? reach.steps(steps).found : [];
    const place = document.place(startOf(found.key));
    if (ours.length === 0) return problem("pipeline.commandTaken", { name: commandName }, place);
    const same = ours.some(({ command }) => command.trimEnd() === script.trimEnd());
    return same ? empty : { ...empty, other: problem("pipeline.otherCommand", { name: commandName }, place) };
  }
  const item = runItem(script);
  const description = "Short-lived AWS credentials by CircleCI OIDC, for the steps that follow.";
  const lines = [
    `${commandName}: ${marker}`,
    `  description: ${description}`,
    "  steps:",
    ...blockLines([item], "    "),
  ];
  return addEntry(document, "commands", commandName, lines, { description, steps: [item.value] });
}

/** Writes an entry as the first one of a section, which is added below `version` if it is not there. */
function addEntry(
  document: PipelineDocument,
  section: string,
  name: string,
  lines: readonly string[],
  value: unknown,
): Stanza | PipelineProblem {
  const { text, root } = document;
  const found = field(document, root, section);
  const odd = problem(
    "pipeline.sectionLayout",
    { section },
    document.place(found === undefined ? 0 : startOf(found.key)),
  );
  if (found?.anchor !== undefined) return odd;
  const isEmpty = found === undefined || (isScalar(found.value) && found.value.value === null);
  if (found === undefined) {
    const version = field(document, root, "version");
    const at = version?.value === undefined ? undefined : afterStep(text, version.value);
    const margin = version === undefined ? undefined : marginOf(text, startOf(version.key));
    if (at === undefined || margin === undefined) return odd;
    const all = [`${section}: ${marker}`, ...lines.map((line) => line && `  ${line}`)];
    const edits = [placed(text, at, margin, all)];
    return {
      ...empty,
      edits,
      expected: [{ kind: "set", map: root, key: section, value: { [name]: value } }],
    };
  }
  const first =
    isMap(found.value) && found.value.srcToken?.type === "block-map" ? found.value.items[0]?.key : undefined;
  const margin = marginOf(text, isScalar(first) ? startOf(first) : startOf(found.key));
  const end = endOf(text, found.key);
  const next = nextLine(text, end);
  const alone = restOfLine.test(text.slice(end, next).replace(/\n$/, ""));
  if (margin === undefined || !alone || (!isEmpty && !isScalar(first))) return odd;
  const edits = [placed(text, next, isEmpty ? `${margin}  ` : margin, lines)];
  return isMap(found.value)
    ? { ...empty, edits, expected: [{ kind: "set", map: found.value, key: name, value }] }
    : { ...empty, edits, expected: [{ kind: "set", map: root, key: section, value: { [name]: value } }] };
}

function placed(text: string, at: number, margin: string, lines: readonly string[]): TextEdit {
  const indented = lines.map((line) => (line === "" ? "" : margin + line));
  const deepest = Math.min(
    ...indented
      .filter((line) => line.trim() !== "")
      .slice(-1)
      .map((line) => line.search(/\S/)),
  );
  return linesAt(text, pastDeepLines(text, at, deepest), indented);
}

/**
 * The edits that take out what a style added outside the jobs, where our comment marks it and nothing uses it
 * any longer. `gone` are the items that are taken out of jobs in the same edit, `needed` is what those that
 * are put in use.
 */
export function unusedStanzas(
  document: PipelineDocument,
  gone: readonly unknown[],
  needed?: "orbs" | "commands",
): { readonly edits: readonly TextEdit[]; readonly expected: readonly Expected[] } {
  const found = [ownEntry(document, "orbs"), ownEntry(document, "commands")].flatMap((entry) => {
    if (entry === undefined || entry.section === needed || gone.length === 0) return [];
    const name = textOf(entry.key) ?? "";
    const uses = countUses(document, entry.key, entry.section === "orbs" ? `${name}/` : name, gone);
    return uses > 0 ? [] : (removalOf(document, entry.section, entry.key) ?? []);
  });
  return { edits: found.map(({ edit }) => edit), expected: found.map(({ expected }) => expected) };
}

function ownEntry(document: PipelineDocument, section: "orbs" | "commands") {
  const map = mapAt(document, document.root, section);
  const entry = map?.items.find(({ key }) => {
    if (!isScalar(key)) return false;
    const line = document.text.slice(startOf(key), nextLine(document.text, startOf(key)));
    return line.trimEnd().endsWith(marker);
  });
  return isScalar(entry?.key) ? { section, key: entry.key } : undefined;
}

/** How often a name is used outside its own entry and outside the items that go. */
function countUses(document: PipelineDocument, own: Scalar, name: string, gone: readonly unknown[]): number {
  let uses = 0;
  visit(document.root, {
    Node: (_, node) => (gone.includes(node) ? visit.SKIP : undefined),
    Scalar: (_, node) => {
      if (gone.includes(node)) return visit.SKIP;
      const text = textOf(node) ?? "";
      const matches = name.endsWith("/") ? text.startsWith(name) : text === name;
      if (node !== own && matches) uses += 1;
      return undefined;
    },
    Map: (_, node) => (gone.includes(node) ? visit.SKIP : undefined),
  });
  return uses;
}

function removalOf(
  document: PipelineDocument,
  section: string,
  key: Scalar,
): { readonly edit: TextEdit; readonly expected: Expected } | undefined {
  const { text, root } = document;
  const whole = field(document, root, section);
  const map = whole?.value;
  if (whole === undefined || !isMap(map)) return undefined;
  const sectionLine = text.slice(startOf(whole.key), nextLine(text, startOf(whole.key)));
  const alone = map.items.length === 1 && sectionLine.trimEnd().endsWith(`${section}: ${marker}`);
  const name = textOf(key) ?? "";
  const value = field(document, map, name)?.value;
  const end = value === undefined ? undefined : afterStep(text, value);
  if (end === undefined) return undefined;
  const start = lineStart(text, startOf(alone ? whole.key : key));
  const edit = withoutLines(text, start, end);
  // A byte order mark in front of the section stays.
  const shifted =
    text.startsWith("\uFEFF") && edit.offset === 0 ? { ...edit, offset: 1, length: edit.length - 1 } : edit;
  return { edit: shifted, expected: without(root, section, map, name, alone) };
}

/** What a section is without its entry: gone, as it was added too; empty, as it was before; or one less. */
function without(root: YAMLMap, section: string, map: YAMLMap, name: string, added: boolean): Expected {
  if (added) return { kind: "unset", map: root, key: section };
  return map.items.length > 1
    ? { kind: "unset", map, key: name }
    : { kind: "set", map: root, key: section, value: null };
}
