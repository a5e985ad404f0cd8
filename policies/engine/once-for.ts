/** A function that works its answer out once for each object that it is asked about, as long as that object lives. */
export function onceFor<Subject extends object, Answer>(read: (subject: Subject) => Answer): (subject: Subject) => Answer {
  const known = new WeakMap<Subject, { readonly answer: Answer }>();
  return (subject) => {
    let kept = known.get(subject);
    if (kept === undefined) {
      kept = { answer: read(subject) };
      known.set(subject, kept);
    }
    return kept.answer;
  };
}
