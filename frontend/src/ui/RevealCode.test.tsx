import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { passkeysHere } from "@/api/passkey";
import { speak } from "@/i18n";
import { deviceOf } from "@/parts/Devices";
import { masked, RevealCode } from "./RevealCode";

describe("a masked code", () => {
  it("shows its ends, and nothing of what is short", () => {
    expect(masked("UPPNOU1GON0BEQWD")).toBe("UPPN••••EQWD");
    expect(masked("12345678")).toBe("••••••••");
  });
});

describe("what was shown", () => {
  const watermark = { viewer: "Lin", at: "2026-11-27T22:00:00Z", mark: "7" };
  const seen = async (text: boolean): Promise<string | null> => {
    await speak("en");
    const show = async () => ({
      secret: "name: UPPNOU1GON0BEQWD",
      seq: 1,
      of: 1,
      remask_after_s: 30,
      watermark,
    });
    const { container, unmount } = render(<RevealCode count={1} show={show} text={text} />);
    fireEvent.change(screen.getByTestId("reveal-reason"), { target: { value: "why" } });
    fireEvent.click(screen.getByTestId("reveal"));
    expect((await screen.findByTestId("revealed")).textContent).toContain("UPPNOU1GON0BEQWD");
    fireEvent.click(screen.getByText("Hide now"));
    const left = container.textContent;
    unmount();
    return left;
  };

  it("leaves the ends of a code, and nothing of a text", async () => {
    expect(await seen(false)).toContain("name••••EQWD");
    expect(await seen(true)).not.toContain("EQWD");
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
