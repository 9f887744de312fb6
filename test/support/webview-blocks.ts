import type { Action, Block, Field } from "../../src/shared/protocol.ts";

/** A button of the fixtures. */
export function action(
  id: string,
  label: string,
  style: Action["style"] = "secondary",
  enabled = true,
): Action {
  return { id, label, style, enabled };
}

/** A field as a block. */
export const field = (value: Field): Block => ({ kind: "field", field: value });

const accountGroup: Block = {
  kind: "group",
  id: "account/staging",
  legend: "Account staging",
  blocks: [
    field({ kind: "text", id: "account/staging.id", label: "Account ID", value: "444455556666" }),
    field({ kind: "text", id: "account/staging.role", label: "Role name", value: "circleci-deploy" }),
    { kind: "text", text: "The hub role may assume this role and nothing else." },
  ],
  actions: [action("account/staging.remove", "Remove account")],
};

const policy = JSON.stringify(
  {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          Federated:
            "arn:aws:iam::111122223333:oidc-provider/oidc.circleci.com/org/9d1f5a2c-6f1e-4b7a-9c3d-2e8f7a6b5c4d",
        },
        Action: "sts:AssumeRoleWithWebIdentity",
      },
    ],
  },
  undefined,
  2,
);

export const contentBlocks: readonly Block[] = [
  { kind: "text", text: "First paragraph.\nSecond line of the same text." },
  {
    kind: "notice",
    tone: "info",
    text: "Every job of this project can mint the token, with or without the inserted step.",
  },
  {
    kind: "notice",
    tone: "warning",
    title: "The audience was changed",
    text: "Tokens of this organization carry the audience sts.amazonaws.com.",
    detail: "Found at /org/9d1f5a2c/oidc-custom-claims.",
    actions: [action("audience.use", "Use it"), action("audience.open", "Open settings", "link")],
  },
  {
    kind: "notice",
    tone: "error",
    title: "The account is not the expected one",
    text: "Profile dev leads to 999900001111, not to 111122223333. Nothing was written.",
    detail: "COA-1203",
    actions: [
      action("retry", "Try again", "primary"),
      action("choose", "Choose a profile", "secondary", false),
    ],
  },
  { kind: "notice", tone: "success", text: "The provider exists already and is reused." },
  { kind: "heading", text: "What will exist" },
  {
    kind: "list",
    items: ["One IAM OIDC provider", "One role in the hub account", "Two roles in sub-accounts"],
  },
  {
    kind: "facts",
    rows: [
      {
        label: "Issuer",
        value: "https://oidc.circleci.com/org/9d1f5a2c-6f1e-4b7a-9c3d-2e8f7a6b5c4d",
        copy: action("copy.issuer", "Copy issuer", "link"),
      },
      { label: "Thumbprint", value: "9e99a48a9960b14926bb7f3b02e22da2b0ab7280" },
      { label: "Branch", value: "main\u202Etxt.exe\u0007" },
    ],
  },
  {
    kind: "details",
    id: "change/role",
    summary: "Create role circleci-oidc",
    badge: { tone: "success", text: "create" },
    blocks: [
      { kind: "text", text: "Its trust policy names one project." },
      {
        kind: "code",
        label: "Trust policy",
        text: policy,
        actions: [action("open.trust", "Open as document", "link")],
      },
      field({ kind: "text", id: "role.name", label: "Role name", value: "circleci-oidc" }),
    ],
  },
  {
    kind: "details",
    id: "change/provider",
    summary: "OIDC provider oidc.circleci.com/org/9d1f5a2c-6f1e-4b7a-9c3d-2e8f7a6b5c4d",
    badge: { tone: "warning", text: "update" },
    blocks: [{ kind: "list", items: ["Audience added"] }],
  },
  { kind: "details", id: "more", summary: "More", blocks: [{ kind: "text", text: "Nothing more." }] },
  accountGroup,
  {
    kind: "columns",
    main: [
      { kind: "heading", text: "Rule" },
      field({ kind: "text", id: "branches", label: "Branches", value: "main, release/*" }),
    ],
    side: [
      { kind: "heading", text: "Policy" },
      { kind: "code", label: "Trust policy", text: '{ "Version": "2012-10-17" }' },
    ],
  },
  { kind: "code", label: "Step", text: "steps:\n\t- run: |\n\t    printf '%s' \"$CIRCLE_OIDC_TOKEN_V2\"\n" },
  {
    kind: "actions",
    actions: [action("add", "Add account"), action("export", "Export as Terraform", "link")],
  },
];

export const progressBlocks: readonly Block[] = [
  {
    kind: "busy",
    text: "Waiting for IAM to know the new role (20 s at most)",
    actions: [action("stop", "Stop", "link")],
  },
  {
    kind: "progress",
    label: "Changes",
    items: [
      { id: "provider", label: "OIDC provider", status: "unchanged", statusText: "Unchanged" },
      { id: "role", label: "Role circleci-oidc", status: "done", statusText: "Created" },
      { id: "policy", label: "Policy circleci-assume", status: "running", statusText: "Creating" },
      {
        id: "attach",
        label: "Attach circleci-assume to circleci-oidc",
        status: "failed",
        statusText: "Failed",
        detail: "AccessDenied: your user may not attach policies.",
      },
      { id: "staging", label: "Role in staging", status: "skipped", statusText: "Skipped" },
      { id: "prod", label: "Role in prod", status: "pending", statusText: "Waiting" },
      { id: "tags", label: "Tags", status: "unknown", statusText: "Unknown", detail: "The answer was lost." },
    ],
  },
];
