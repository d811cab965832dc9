import { useWord } from "@/i18n";

/** Why an offer was left out of a choice. */
export function Excluded({ code }: { code: string }) {
  const word = useWord();
  const said = word("excluded", code);
  // A paper's word has words of its own.
  return (
    <span className="tag warn" data-excluded={code}>
      {said === code ? word("unfit_reason", code) : said}
    </span>
  );
}
