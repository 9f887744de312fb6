/**
 * The address of the page about a rule, in the repository that package.json names; undefined where it names
 * none on the web.
 */
export function rulePage(packageJson: unknown, rule: string): string | undefined {
  const repository = memberOf(packageJson, "repository");
  const url = typeof repository === "string" ? repository : memberOf(repository, "url");
  if (typeof url !== "string" || !url.startsWith("https://")) return undefined;
  return `${url.replace(/\.git$/, "")}/blob/main/docs/lint/${rule}.md`;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
