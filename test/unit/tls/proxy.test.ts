import { describe, expect, it } from "vitest";
import { bypassesProxy, chooseProxy } from "../../../src/tls/proxy.ts";

describe("the proxy", () => {
  it.each([
    [
      "the setting before the environment",
      { proxy: "http://set:1" },
      { HTTPS_PROXY: "http://env:1" },
      { url: "http://set:1" },
    ],
    [
      "the environment without a setting",
      { proxy: "" },
      { HTTPS_PROXY: "http://env:1" },
      { url: "http://env:1" },
    ],
    ["the lowercase variable", {}, { https_proxy: "http://env:1" }, { url: "http://env:1" }],
    ["the variable for http as the last", {}, { http_proxy: "http://env:1" }, { url: "http://env:1" }],
    [
      "NO_PROXY",
      {},
      { HTTPS_PROXY: "http://env:1", NO_PROXY: "a, b" },
      { url: "http://env:1", noProxy: "a, b" },
    ],
    [
      "http.noProxy instead of NO_PROXY",
      { noProxy: ["c", "d"] },
      { HTTPS_PROXY: "http://e:1", no_proxy: "a" },
      { url: "http://e:1", noProxy: "c,d" },
    ],
    ["none", { noProxy: ["c"] }, { HTTPS_PROXY: " " }, undefined],
  ])("is %s", (_name, settings, environment, expected) => {
    expect(chooseProxy(settings, environment)).toEqual(expected);
  });
});

describe("going past the proxy", () => {
  it.each<[boolean, string, number, string | undefined]>([
    [false, "oidc.circleci.com", 443, undefined],
    [false, "oidc.circleci.com", 443, " , "],
    [true, "oidc.circleci.com", 443, "*"],
    [true, "oidc.circleci.com", 443, "a.example, circleci.com"],
    [true, "oidc.circleci.com", 443, ".circleci.com"],
    [true, "OIDC.circleci.com.", 443, "*.CircleCI.com"],
    [true, "circleci.com", 443, ".circleci.com"],
    [false, "notcircleci.com", 443, "circleci.com"],
    [false, "circleci.com.evil.example", 443, "circleci.com"],
    [true, "circleci.com", 443, "circleci.com:443"],
    [false, "circleci.com", 443, "circleci.com:8443"],
    [true, "10.1.2.3", 443, "10.1.2.3"],
    [false, "10.1.2.3", 443, "10.0.0.0/8"],
    [true, "2001:db8::1", 443, "2001:db8::1"],
    [true, "2001:db8::1", 443, "[2001:db8::1]:443"],
    [false, "2001:db8::1", 443, "[2001:db8::1]:80"],
    [true, "localhost", 443, undefined],
    [true, "127.0.0.1", 80, undefined],
    [true, "[::1]", 80, undefined],
    [false, "127.0.0.1.example", 80, undefined],
  ])("%s for %s:%i with %j", (expected, host, port, noProxy) => {
    expect(bypassesProxy(host, port, noProxy)).toBe(expected);
  });
});
