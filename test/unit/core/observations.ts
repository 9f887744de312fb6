import type { Resource } from "../../../src/core/blueprint/index.ts";
import type { Observation, ObservedResource } from "../../../src/core/plan/index.ts";

/** A resource as it is observed right after it was created, with other tags where some are given. */
export function asCreated(resource: Resource, tags?: Readonly<Record<string, string>>): ObservedResource {
  switch (resource.kind) {
    case "OidcProvider": {
      const { kind, clientIds, thumbprints } = resource;
      return { kind, clientIds, thumbprints, tags: tags ?? resource.tags };
    }
    case "Role": {
      const { kind, arn, trust, description, maxSessionSeconds, permissionsBoundary: boundary } = resource;
      return {
        kind,
        arn,
        trust,
        trustText: JSON.stringify(trust),
        description,
        maxSessionSeconds,
        ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
        tags: tags ?? resource.tags,
        attachedPolicies: [],
        inlinePolicies: [],
      };
    }
    case "ManagedPolicy": {
      const { kind, arn, document } = resource;
      return { kind, arn, document, version: "v1", attachments: 1, tags: tags ?? resource.tags };
    }
    case "PolicyAttachment":
      return { kind: "PolicyAttachment" };
  }
}

/** The same as an observation. */
export function present(resource: Resource, tags?: Readonly<Record<string, string>>): Observation {
  return { state: "present", resource: asCreated(resource, tags) };
}
