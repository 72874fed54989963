using System.Runtime.CompilerServices;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>Tries a compiled pattern at places of a text.</summary>
/// <remarks>
/// Backtracking, with a stack of its own: a run of a million letters takes no depth. Steps are counted, so that a pattern that would
/// try ways without end is an error and not a standstill; so are the ways that wait.
/// </remarks>
sealed class PatternMatcher(PatternStep[] steps, string text, string source, PatternBudget budget)
{
    const int WaysPerCharacter = 8, WaysAtLeast = 1 << 20;

    readonly long _most = budget.Left;
    readonly int _mostWays = (int)Math.Min(Array.MaxLength, WaysAtLeast + (long)WaysPerCharacter * text.Length);
    (int Step, int At, int Least)[] _ways = new (int, int, int)[16];
    int _count;
    long _taken;

    /// <summary>Where a match that begins at a place ends; −1 for none.</summary>
    /// <exception cref="InputException">The pattern has tried ways beyond reason.</exception>
    public int MatchAt(int at) => Run(0, at);

    /// <summary>Steps taken so far.</summary>
    public long Taken => _taken;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int Run(int step, int at)
    {
        int floor = _count;
        while (true)
        {
            if (++_taken > _most) throw TokenizerErrors.PatternWithoutEnd(source, _taken);
            ref readonly var s = ref steps[step];
            bool goesOn = true;
            switch (s.Kind)
            {
                case StepKind.One:
                    int after = at;
                    goesOn = at < text.Length && s.Set!.Contains(CodeAt(at, out after));
                    at = after;
                    step++;
                    break;
                case StepKind.Run:
                    goesOn = TakeRun(in s, step, ref at);
                    step++;
                    break;
                case StepKind.Fork:
                    // A way that fails on its first character is not worth remembering the other for.
                    if (FailsAtOnce(in steps[s.X], at))
                    {
                        step = s.Y;
                        break;
                    }
                    Push(s.Y, at, -1);
                    step = s.X;
                    break;
                case StepKind.Jump:
                    step = s.X;
                    break;
                case StepKind.Look:
                    int from = Back(at, s.Y);
                    goesOn = (from >= 0 && Run(step + 1, from) >= 0) != s.Flag;
                    step = s.X;
                    break;
                case StepKind.Atomic:
                    int end = Run(step + 1, at);
                    goesOn = end >= 0;
                    at = end;
                    step = s.X;
                    break;
                case StepKind.Place:
                    goesOn = IsAt(s.Place, at);
                    step++;
                    break;
                case StepKind.Done:
                    _count = floor;
                    return at;
                default:
                    throw new InvalidOperationException($"Step {s.Kind}.");
            }
            if (goesOn) continue;
            if (_count == floor) return -1;
            (step, at, int least) = _ways[--_count];
            if (least < 0) continue;
            at = Back(at, 1); // a run gives back its last
            if (at > least) Push(step, at, least);
        }
    }

    bool FailsAtOnce(in PatternStep step, int at) =>
        (step.Kind == StepKind.One || (step.Kind == StepKind.Run && step.X > 0)) && (at >= text.Length || !step.Set!.Contains(CodeAt(at, out _)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    bool TakeRun(in PatternStep run, int step, ref int at)
    {
        int count = 0, least = run.X == 0 ? at : -1;
        while (count < run.Y && at < text.Length && run.Set!.Contains(CodeAt(at, out int next)))
        {
            at = next;
            _taken++;
            if (++count == run.X) least = at;
        }
        if (count < run.X) return false;
        if (!run.Flag && at > least) Push(step + 1, at, least);
        return true;
    }

    void Push(int step, int at, int least)
    {
        if (_count == _ways.Length)
        {
            if (_count >= _mostWays) throw TokenizerErrors.PatternWithoutEnd(source, _taken);
            Array.Resize(ref _ways, (int)Math.Min(_mostWays, 2L * _count));
        }
        _ways[_count++] = (step, at, least);
    }

    int CodeAt(int at, out int next)
    {
        char c = text[at];
        if (c is < '\uD800' or > '\uDBFF')
        {
            next = at + 1;
            return c;
        }
        next = at + 2;
        return char.ConvertToUtf32(c, text[at + 1]);
    }

    int Back(int at, int count)
    {
        for (; count > 0 && at > 0; count--) at -= text[at - 1] is >= '\uDC00' and <= '\uDFFF' ? 2 : 1;
        return count == 0 ? at : -1;
    }

    bool IsAt(Place place, int at) => place switch
    {
        Place.TextStart => at == 0,
        Place.TextEnd => at == text.Length,
        Place.LastLineEnd => at == text.Length || (at == text.Length - 1 && text[at] == '\n'),
        Place.LineStart => at == 0 || (text[at - 1] == '\n' && at < text.Length),
        Place.LineEnd => at == text.Length || text[at] == '\n',
        Place.WordEdge => IsWordBefore(at) != IsWordAt(at),
        _ => IsWordBefore(at) == IsWordAt(at),
    };

    bool IsWordAt(int at) => at < text.Length && CodeClasses.IsWordInPattern(CodeAt(at, out _));

    bool IsWordBefore(int at) => at > 0 && IsWordAt(Back(at, 1));
}
