/** What came since the rows were read: shown when somebody wants it, so that no row moves under a hand. */
export function News({ text, show, testid }: { text: string; show: () => void; testid: string }) {
  return (
    <button type="button" className="news" data-testid={testid} onClick={show}>
      {text}
    </button>
  );
}
