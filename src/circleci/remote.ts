import { checkRepository } from "../core/ids.ts";

/** The URL of the remote `origin` in the text of a git config file. */
export function remoteOrigin(config: string): string | undefined {
  return remoteUrls(config).find(({ name }) => name === "origin")?.url;
}

/** The URLs of all remotes in the text of a git config file, in its order. */
export function remoteUrls(config: string): readonly { readonly name: string; readonly url: string }[] {
  let name: string | undefined;
  return config.split(/\r?\n/).flatMap((line) => {
    const header = /^\s*\[(.+)\]\s*$/.exec(line);
    if (header !== null) name = /^remote "(.+)"$/.exec(header[1] ?? "")?.[1];
    const url = /^\s*url\s*=\s*(\S.*?)\s*$/.exec(line)?.[1];
    return name === undefined || url === undefined ? [] : [{ name, url }];
  });
}

const shortNames: Readonly<Record<string, string>> = { "github.com": "gh", "bitbucket.org": "bb" };

/**
 * The repository behind a git remote, as `vcs-origin` has it, and its slug in CircleCI's API. Slugs of GitHub
 * and Bitbucket Cloud follow from the remote; those of other hosts are opaque and are left out. Credentials in
 * a URL are dropped.
 * Source: https://circleci.com/docs/guides/toolkit/api-developers-guide/ (project slugs)
 */
export function parseRemote(url: string): { repository: string; projectSlug?: string } | undefined {
  const match =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+?)(?:\.git)?\/?$/.exec(url) ??
    /^(?:[^@/:]+@)?([^/:]+):(?!\/)(.+?)(?:\.git)?\/?$/.exec(url);
  const host = match?.[1]?.toLowerCase();
  const path = match?.[2];
  if (host === undefined || path === undefined) return undefined;
  const repository = checkRepository(`${host}/${path}`);
  if (!repository.ok) return undefined;
  const short = shortNames[host];
  return short === undefined || path.split("/").length !== 2
    ? { repository: repository.value }
    : { repository: repository.value, projectSlug: `${short}/${path}` };
}
