/** A project as CircleCI knows it. `slug` is `gh/acme/shop` or `circleci/<organization>/<project>`. */
export type Project = {
  id: string;
  name: string;
  slug: string;
  /** As in the token's `vcs-origin`: `github.com/acme/shop`. */
  repository: string;
  defaultBranch: string;
  /** Custom audience of its tokens, if the project sets one. */
  audience?: readonly string[];
  /** An open source project, which anybody with an account can read. */
  isPublic?: true;
};

/** An organization with its projects. `slug` is `gh/acme` or `circleci/<short id>`. */
export type Organization = {
  id: string;
  name: string;
  slug: string;
  vcsType: "github" | "bitbucket" | "circleci";
  projects: readonly Project[];
  /** Custom audience of its tokens, if the organization sets one. */
  audience?: readonly string[];
};

/** Somebody with a personal API token, who sees the organizations whose ids are listed. */
export type User = {
  id: string;
  login: string;
  name: string;
  token: string;
  organizations: readonly string[];
};

/** What the local CircleCI holds. */
export type CircleCiData = { organizations: readonly Organization[]; users: readonly User[] };

/** Who causes a job unless a token says otherwise. */
export const defaultUserId = "bb22cc33-4d5e-4f6a-8b7c-9d0e1f2a3b4c";

const acme: Organization = {
  id: "5034460f-c7c4-4c43-9457-de07e2029e7b",
  name: "acme",
  slug: "gh/acme",
  vcsType: "github",
  projects: [
    {
      id: "aa11bb22-3c4d-4e5f-8a6b-7c8d9e0f1a2b",
      name: "web-shop",
      slug: "gh/acme/web-shop",
      repository: "github.com/acme/web-shop",
      defaultBranch: "main",
    },
    {
      id: "cc33dd44-5e6f-4a7b-9c8d-0e1f2a3b4c5d",
      name: "other",
      slug: "gh/acme/other",
      repository: "github.com/acme/other",
      defaultBranch: "main",
    },
  ],
};

const mallory: Organization = {
  id: "66666666-dead-4bad-8bad-666666666666",
  name: "mallory",
  slug: "gh/mallory",
  vcsType: "github",
  projects: [
    {
      id: "77777777-dead-4bad-9bad-777777777777",
      name: "web-shop",
      slug: "gh/mallory/web-shop",
      repository: "github.com/mallory/web-shop",
      defaultBranch: "main",
    },
  ],
};

/** Organization "acme" with the projects "web-shop" and "other", and the foreign organization "mallory". */
export const defaultData: CircleCiData = {
  organizations: [acme, mallory],
  users: [
    {
      id: defaultUserId,
      login: "alex",
      name: "Alex Acme",
      token: "CCIPAT_local_alex",
      organizations: [acme.id],
    },
    {
      id: "88888888-dead-4bad-abad-888888888888",
      login: "mallory",
      name: "Mallory",
      token: "CCIPAT_local_mallory",
      organizations: [mallory.id],
    },
  ],
};

/** The project with that id and its organization. */
export function findProject(
  organizations: readonly Organization[],
  id: string,
): { organization: Organization; project: Project } | undefined {
  for (const organization of organizations) {
    const project = organization.projects.find((candidate) => candidate.id === id);
    if (project !== undefined) {
      return { organization, project };
    }
  }
  return undefined;
}
