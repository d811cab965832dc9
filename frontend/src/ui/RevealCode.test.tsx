import { describe, expect, it } from "vitest";
import { passkeysHere } from "@/api/passkey";
import { deviceOf } from "@/parts/Devices";
import { masked } from "./RevealCode";

describe("a masked code", () => {
  it("shows its ends, and nothing of what is short", () => {
    expect(masked("UPPNOU1GON0BEQWD")).toBe("UPPN••••EQWD");
    expect(masked("12345678")).toBe("••••••••");
  });
});

describe("a device", () => {
  it("is told as people call it, and as it is when nobody knows it", () => {
    const phone =
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1";
    expect(deviceOf(phone)).toBe("Safari 19 · iOS");
    const edge =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0";
    expect(deviceOf(edge)).toBe("Edge 150 · Windows");
    expect(deviceOf("python-httpx/0.28.1")).toBe("python-httpx/0.28.1");
    expect(deviceOf("")).toBe("–");
  });
});

describe("passkeys", () => {
  it("are not offered where the browser has none", () => {
    expect(passkeysHere).toBe(false);
  });
});
