/** As much of JSON Schema as CircleCI's API description uses for the answers checked here. */
export type Schema = {
  type?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  enum?: readonly unknown[];
  format?: string;
  pattern?: string;
};

const text: Schema = { type: "string" };
const uuid: Schema = { type: "string", format: "uuid" };
const named = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => {
  return { type: "object", properties, required };
};

/**
 * What the answers to GET look like, by path, written after the fields that https://circleci.com/docs/api/v2/
 * documents.
 */
export const responseShapes: Readonly<Record<string, Schema>> = {
  "/me": named({ id: uuid, login: text, name: text }),
  "/me/collaborations": {
    type: "array",
    items: named({ id: uuid, "vcs-type": text, name: text, avatar_url: text, slug: text }),
  },
  "/project/{project-slug}": named({
    slug: text,
    name: text,
    id: uuid,
    organization_name: text,
    organization_slug: text,
    organization_id: uuid,
    vcs_info: named({
      vcs_url: text,
      provider: { type: "string", enum: ["Bitbucket", "CircleCI", "GitHub"] },
      default_branch: text,
    }),
  }),
  "/org/{orgID}/oidc-custom-claims": customClaims(),
  "/org/{orgID}/project/{projectID}/oidc-custom-claims": customClaims(),
};

function customClaims(): Schema {
  const time: Schema = { type: "string", format: "date-time" };
  const audience: Schema = { type: "array", items: text };
  const properties = { org_id: uuid, project_id: uuid, audience, audience_updated_at: time, ttl: text };
  return named({ ...properties, ttl_updated_at: time }, ["org_id"]);
}

const formats: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  "date-time": /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/,
};

/** Where a value departs from a schema, a line each; a member that the schema does not name is such a place too. */
export function departures(value: unknown, schema: Schema, at = "$"): string[] {
  if (schema.type === "array") {
    return Array.isArray(value)
      ? value.flatMap((item, index) => departures(item, schema.items ?? {}, `${at}[${index}]`))
      : [`${at}: not an array`];
  }
  if (schema.type === "object") {
    return objectDepartures(value, schema, at);
  }
  if (schema.type === "string" && typeof value !== "string") {
    return [`${at}: not a string`];
  }
  const pattern = schema.pattern === undefined ? formats[schema.format ?? ""] : new RegExp(schema.pattern);
  const fits = pattern === undefined || pattern.test(String(value));
  return fits && (schema.enum?.includes(value) ?? true) ? [] : [`${at}: ${JSON.stringify(value)}`];
}

function objectDepartures(value: unknown, schema: Schema, at: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${at}: not an object`];
  }
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
  const members = Object.entries(value).flatMap(([name, member]) => {
    const expected = schema.properties?.[name];
    return expected === undefined
      ? [`${at}.${name}: not documented`]
      : departures(member, expected, `${at}.${name}`);
  });
  return [...missing.map((name) => `${at}.${name}: missing`), ...members];
}
