import { writeFile } from "node:fs/promises";
import { messages } from "../src/core/messages.ts";

/** The bundle VS Code translates from: every English sentence, by itself. */
export function bundle(): string {
  const sentences = [...new Set<string>(Object.values(messages))].toSorted();
  return `${JSON.stringify(Object.fromEntries(sentences.map((sentence) => [sentence, sentence])), undefined, 2)}\n`;
}

/** Where the bundle lies, from the project's top folder. */
export const BUNDLE_FILE = "l10n/bundle.l10n.json";

if (import.meta.main) await writeFile(BUNDLE_FILE, bundle());
