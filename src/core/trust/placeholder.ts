/** What is left of an example: `<project-id>`, `{{org}}`, `ORGANIZATION_ID`, a template's `${var.org}`. */
const PLACEHOLDER =
  /<[^<>]+>|\{\{|\b(?:ORG|ORGANIZATION|PROJECT|ACCOUNT|AWS_ACCOUNT|YOUR)_[A-Z_]*ID\b|\bYOUR[_-][A-Z]|\$\{(?![\w./-]+:|[*?$]\})/;

/** Whether a text holds a placeholder that nobody has filled in. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}
