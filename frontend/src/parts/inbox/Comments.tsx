import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Of } from "@/api/client";
import { Button, Part, Time, useAct } from "@/ui";
import { called, MentionBox } from "@/ui/MentionBox";

/** What was said about a request. Whoever is named with an @ finds it in his inbox. */
export function Comments({ id, file }: { id: string; file: Of<"ApprovalFile"> }) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const say = useAct(async () => {
    await got(
      api.POST("/console/v1/approvals/{approval_id}/comments", {
        params: { path: { approval_id: id } },
        body: { words: words.trim(), mentions: called(file.people, words).map((person) => person.id) },
      }),
    );
    setWords("");
  }, "approval");
  return (
    <Part title={t("approvals.comments")}>
      {file.comments.map((one) => (
        <p key={one.id}>
          <strong>{one.person.name}</strong> <Time at={one.at} near /> <br />
          {one.words}
        </p>
      ))}
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the text area is inside */}
      <label className="field">
        <span>{t("approvals.say")}</span>
        <MentionBox
          names={file.people.map((one) => one.name)}
          value={words}
          most={2000}
          onChange={setWords}
        />
        {file.people.length > 0 && <small className="muted">{t("approvals.say_text")}</small>}
      </label>
      <Button
        disabled={!words.trim()}
        loading={say.isPending}
        data-testid="comment"
        onClick={() => say.mutate(undefined)}
      >
        {t("approvals.send")}
      </Button>
    </Part>
  );
}
