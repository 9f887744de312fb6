import { expect, test } from "vitest";
import { wizardHtml } from "../../../src/features/wizard/html.ts";

const html = wizardHtml({
  nonce: "bm9uY2U=",
  cspSource: "'self' https://*.vscode-cdn.net",
  scriptUri: "https://file.vscode-cdn.net/main.js?a=1&b=2",
  styleUri: "https://file.vscode-cdn.net/style.css",
  title: `</title><script>alert("1")</script>`,
  lang: "en",
});

test("the policy allows the one script by its nonce, our own files, and nothing inline", () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
  const directives = policy.split("; ");
  expect(directives[0]).toBe("default-src 'none'");
  expect(directives).toContain("script-src 'nonce-bm9uY2U='");
  expect(directives).toContain("img-src 'self' https://*.vscode-cdn.net");
  expect(directives).toContain("font-src 'self' https://*.vscode-cdn.net");
  expect(policy).not.toMatch(/unsafe|\*(?!\.)|data:/);
});

test("there is one script, with the nonce and a source, and no inline style", () => {
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).toContain(
    `<script type="module" nonce="bm9uY2U=" src="https://file.vscode-cdn.net/main.js?a=1&amp;b=2"></script>`,
  );
  expect(html).not.toMatch(/<style|style=/);
});

test("the title cannot leave its element", () => {
  expect(html).toContain("<title>&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</title>");
});
