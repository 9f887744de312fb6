import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { messages } from "../src/core/messages.ts";
import { commands, settings, views, walkthroughs, WIZARD_PANEL } from "../src/manifest.ts";
import { bundle, BUNDLE_FILE } from "./l10n.ts";

/** Holds package.json to src/manifest.ts, both ways, and the catalogue to its uses. */

const Ids = (key: string) => v.array(v.looseObject({ [key]: v.string() }));
const Package = v.looseObject({
  activationEvents: v.array(v.string()),
  contributes: v.looseObject({
    commands: v.array(
      v.object({
        command: v.string(),
        title: v.string(),
        category: v.string(),
        icon: v.optional(v.string()),
      }),
    ),
    configuration: v.object({
      title: v.string(),
      properties: v.record(v.string(), v.looseObject({ scope: v.string() })),
    }),
    views: v.record(v.string(), v.array(v.looseObject({ id: v.string() }))),
    menus: v.record(v.string(), Ids("command")),
    walkthroughs: v.array(v.looseObject({ id: v.string() })),
  }),
});

const problems: string[] = [];
const text = readFileSync("package.json", "utf8");
const { activationEvents, contributes } = v.parse(Package, JSON.parse(text));

same(
  "commands",
  contributes.commands.map((one) => one.command),
  Object.values(commands),
);
same("settings", Object.keys(contributes.configuration.properties), Object.values(settings));
same(
  "views",
  Object.values(contributes.views)
    .flat()
    .map((view) => view.id),
  Object.values(views),
);
same(
  "walkthroughs",
  contributes.walkthroughs.map((one) => one.id),
  Object.values(walkthroughs),
);
if (!activationEvents.includes(`onWebviewPanel:${WIZARD_PANEL}`)) {
  problems.push("activationEvents lacks the wizard's panel");
}
for (const [name, setting] of Object.entries(contributes.configuration.properties)) {
  // A workspace must not choose: "machine-overridable" took its value even in an untrusted one.
  if (!["machine", "application"].includes(setting.scope))
    problems.push(`setting ${name} has scope ${setting.scope}`);
}

const Texts = v.record(v.string(), v.string());
const nls = v.parse(Texts, JSON.parse(readFileSync("package.nls.json", "utf8")));
const used = [...text.matchAll(/%([\w.-]+)%/g)].map((match) => match[1] ?? "");
same("texts of package.nls.json", Object.keys(nls), [...new Set(used)]);

if (!existsSync(BUNDLE_FILE) || readFileSync(BUNDLE_FILE, "utf8") !== bundle()) {
  problems.push(`${BUNDLE_FILE} is stale: run npm run l10n`);
}

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/messages/.test(file))
  .map((file) => readFileSync(join("src", file), "utf8"))
  .join("\n");
const computed = [...sources.matchAll(/`([\w.]+)\$\{/g)].map((match) => match[1] ?? "");
for (const id of Object.keys(messages)) {
  const isUsed = sources.includes(`"${id}"`) || computed.some((prefix) => id.startsWith(prefix));
  const isAdvice = id.endsWith(".advice") && sources.includes("}.advice`");
  if (!isUsed && !isAdvice) problems.push(`sentence ${id} is used nowhere`);
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function same(what: string, declared: readonly string[], known: readonly string[]): void {
  for (const id of declared) if (!known.includes(id)) problems.push(`${what}: ${id} is in package.json only`);
  for (const id of known)
    if (!declared.includes(id)) problems.push(`${what}: ${id} is missing in package.json`);
}
