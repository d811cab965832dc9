export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#0b6b66" />
        <path
          d="M22 11.5a7.5 7.5 0 1 0 0 9M16 16h9"
          fill="none"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
        />
      </svg>
      Commissary
    </span>
  );
}
