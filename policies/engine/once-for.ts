/** A function that works its answer out once for each object that it is asked about, as long as that object lives. */
export function onceFor<Subject extends object, Answer extends object>(
  read: (subject: Subject) => Answer,
): (subject: Subject) => Answer {
  const known = new WeakMap<Subject, Answer>();
  return (subject) => {
    const answer = known.get(subject) ?? read(subject);
    known.set(subject, answer);
    return answer;
  };
}
