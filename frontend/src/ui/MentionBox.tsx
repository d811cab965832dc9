import { Mentions } from "antd";

/** Words in which colleagues are called upon: `@`, then a name. Whom they name, `called` says. */
export function MentionBox({
  names,
  value,
  most,
  onChange,
}: {
  names: string[];
  value: string;
  most: number;
  onChange: (words: string) => void;
}) {
  return (
    <Mentions
      value={value}
      maxLength={most}
      rows={2}
      options={names.map((name) => ({ value: name, label: name }))}
      onChange={onChange}
    />
  );
}

/** Of these people, those whom the words name; a name that begins another's is not taken for it. */
export function called<P extends { name: string }>(people: P[], words: string): P[] {
  let left = words;
  return [...people]
    .sort((a, b) => b.name.length - a.name.length)
    .filter((person) => {
      const named = left.includes(`@${person.name}`);
      if (named) left = left.replaceAll(`@${person.name}`, " ");
      return named;
    });
}
