import * as v from "valibot";
import { grantFieldNames, grantKinds } from "../../core/wizard/grants.ts";
import { initialState, type Folder, type WizardState } from "../../core/wizard/state.ts";
import { LONGEST_TEXT } from "../../shared/limits.ts";

const Text = v.pipe(v.string(), v.maxLength(LONGEST_TEXT));
const Texts = v.pipe(v.array(Text), v.readonly());

const Role = v.object({
  path: Text,
  description: Text,
  session: v.pipe(v.string(), v.regex(/^\d{4,5}$/)),
  externalId: Text,
  permissions: v.picklist(["", "nothing", "some"]),
  grants: v.pipe(
    v.array(
      v.object({
        key: v.number(),
        kind: v.picklist(grantKinds),
        values: v.object(v.entriesFromList(grantFieldNames, v.exactOptional(Text))),
      }),
    ),
    v.readonly(),
  ),
});

/**
 * What is kept of an unfinished wizard over a reload of the window: what was typed, and no fact that was read
 * from somewhere, for that may have changed.
 */
export const Draft = v.object({
  version: v.literal(2),
  setupId: Text,
  touched: Texts,
  answers: v.object({
    folder: Text,
    organizationId: Text,
    projectId: Text,
    profile: Text,
    region: Text,
    roleName: Text,
    runs: v.picklist(["any", "refs"]),
    repository: Text,
    branches: Text,
    tags: Text,
    users: Text,
    federation: v.picklist(["hub", "direct"]),
    boundaryName: Text,
    boundaryPath: Text,
    organization: Text,
    companyTags: Text,
    audiences: Text,
  }),
  roles: v.record(Text, Role),
  subs: v.pipe(
    v.array(v.object({ key: v.number(), profile: Text, accountId: Text, roleName: Text, ciProfile: Text })),
    v.readonly(),
  ),
});
export type Draft = v.InferOutput<typeof Draft>;

/** The draft of a wizard. */
export function draftOf(state: WizardState): Draft {
  const {
    accountId: _account,
    endpointConfirmed: _e,
    useUntrustedThumbprint: _u,
    ...answers
  } = state.answers;
  const subs = state.subs.map(({ identity: _identity, ...sub }) => sub);
  return { version: 2, setupId: state.setupId, touched: state.touched, answers, subs, roles: kept(state) };
}

/** What was said of the roles; that a powerful policy is meant is said anew, as an endpoint is confirmed anew. */
function kept({ roles }: WizardState): Draft["roles"] {
  return Object.fromEntries(
    Object.entries(roles).map(([id, role]) => {
      const grants = role.grants.map(({ key, kind, values: { confirm: _c, ...values } }) => {
        return { key, kind, values };
      });
      return [id, { ...role, grants }] as const;
    }),
  );
}

/** A wizard with the answers of a draft, on its first page: everything that was read is read anew. */
export function stateFromDraft(draft: Draft, folders: readonly Folder[], runId: string): WizardState {
  const fresh = initialState(folders, { setupId: draft.setupId, runId });
  const known = folders.some((folder) => folder.uri === draft.answers.folder);
  return {
    ...fresh,
    // The account is read anew, and filled in unless somebody typed it since.
    touched: draft.touched.filter((name) => !/(^|\.)accountId$/.test(name)),
    answers: {
      ...fresh.answers,
      ...draft.answers,
      folder: known ? draft.answers.folder : fresh.answers.folder,
    },
    roles: draft.roles,
    subs: draft.subs.map((sub) => ({ ...sub, identity: { kind: "idle" } })),
  };
}
