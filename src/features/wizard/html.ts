export type WizardHtml = {
  /** Fresh for each page: 16 random bytes or more, in base64. */
  readonly nonce: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  readonly title: string;
  /** `vscode.env.language`. */
  readonly lang: string;
};

/**
 * The hash of the empty text. The toolkit adds one empty `<style>` element to find out whether the browser knows
 * `:focus-visible`; refused, it would draw focus rings on mouse clicks too. No other inline style gets through.
 */
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

function attribute(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/**
 * The wizard's page: two empty regions, one script, one style sheet. Nothing inline and nothing remote; the script
 * fills the regions from the host's messages.
 * Source: https://code.visualstudio.com/api/extension-guides/webview#content-security-policy
 */
export function wizardHtml({ nonce, cspSource, scriptUri, styleUri, title, lang }: WizardHtml): string {
  const csp = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} ${emptyStyle}`,
    `img-src ${cspSource}`,
    `font-src ${cspSource}`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${attribute(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(csp)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(title)}</title>
<link rel="stylesheet" href="${attribute(styleUri)}">
<script type="module" nonce="${attribute(nonce)}" src="${attribute(scriptUri)}"></script>
</head>
<body>
<div id="app"></div>
<div id="announcer" class="unseen" role="status" aria-live="polite"></div>
</body>
</html>
`;
}
