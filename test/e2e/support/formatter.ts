import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";

const manifest = {
  name: "yaml-formatter",
  publisher: "fixture",
  version: "0.0.1",
  engines: { vscode: "^1.103.0" },
  main: "./main.cjs",
  activationEvents: ["onLanguage:yaml"],
  files: ["main.cjs"],
};

const main = `
const vscode = require("vscode");
exports.activate = (context) => {
  context.subscriptions.push(
    vscode.languages.registerDocumentFormattingEditProvider("yaml", {
      provideDocumentFormattingEdits: (document) => {
        const text = document.getText();
        const all = new vscode.Range(document.positionAt(0), document.positionAt(text.length));
        return [vscode.TextEdit.replace(all, text.replaceAll(/ {2,}#/g, " #"))];
      },
    }),
  );
};
`;

/** Packs an extension that formats YAML: it takes the blanks away that line comments up. Gives the VSIX's path. */
export async function packFormatter(folder: string): Promise<string> {
  const source = join(folder, "yaml-formatter");
  await mkdir(source, { recursive: true });
  await writeFile(join(source, "package.json"), JSON.stringify(manifest));
  await writeFile(join(source, "main.cjs"), main);
  const packagePath = join(folder, "yaml-formatter.vsix");
  const { log } = console;
  // The packer takes no other way to be quiet.
  console.log = () => undefined;
  await createVSIX({
    cwd: source,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  }).finally(() => {
    console.log = log;
  });
  return packagePath;
}
