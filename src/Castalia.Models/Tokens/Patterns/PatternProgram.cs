namespace Castalia.Tokens;

/// <summary>A step of a compiled pattern.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Set">For <see cref="StepKind.One"/> and <see cref="StepKind.Run"/>.</param>
/// <param name="X">A step to go to, or the least count of a run.</param>
/// <param name="Y">Another step to go to, the most of a run, or code points to step back.</param>
/// <param name="Flag">Negated (looks), possessive (runs).</param>
/// <param name="Place">For <see cref="StepKind.Place"/>.</param>
readonly record struct PatternStep(StepKind Kind, CodeSet? Set = null, int X = 0, int Y = 0, bool Flag = false, Place Place = default);

/// <summary>Kinds of <see cref="PatternStep"/>.</summary>
enum StepKind
{
    /// <summary>Take one code point of the set.</summary>
    One,
    /// <summary>Take X to Y code points of the set, as many as there are.</summary>
    Run,
    /// <summary>Try step X, and step Y if that fails.</summary>
    Fork,
    /// <summary>Go to step X.</summary>
    Jump,
    /// <summary>Match what follows up to step X, Y code points behind; go on at X from here.</summary>
    Look,
    /// <summary>Match what follows up to step X once; go on at X from there.</summary>
    Atomic,
    /// <summary>Be at a place.</summary>
    Place,
    /// <summary>Matched.</summary>
    Done,
}

/// <summary>Turns what a pattern is made of into steps.</summary>
static class PatternProgram
{
    const int MostSteps = 20_000;

    /// <summary>The steps, the last of which is <see cref="StepKind.Done"/>.</summary>
    /// <exception cref="PatternException">The counted repetitions are too many.</exception>
    public static PatternStep[] Compile(PatternNode node)
    {
        var steps = new List<PatternStep>();
        Add(node, steps);
        steps.Add(new(StepKind.Done));
        return [.. steps];
    }

    static void Add(PatternNode node, List<PatternStep> steps)
    {
        if (steps.Count > MostSteps) throw new PatternException("counted repetitions beyond reason");
        switch (node)
        {
            case PatternNode.One one:
                steps.Add(new(StepKind.One, one.Set));
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts) Add(part, steps);
                break;
            case PatternNode.Choice choice:
                AddChoice(choice, steps);
                break;
            case PatternNode.Repeat { Body: PatternNode.One one, Greed: not Greed.Lazy } run:
                steps.Add(new(StepKind.Run, one.Set, run.Least, run.Most, run.Greed == Greed.Possessive));
                break;
            case PatternNode.Repeat { Greed: Greed.Possessive } repeat:
                AddEnclosed(StepKind.Atomic, repeat with { Greed = Greed.Greedy }, steps);
                break;
            case PatternNode.Repeat repeat:
                AddRepeat(repeat, steps);
                break;
            case PatternNode.Look look:
                AddEnclosed(StepKind.Look, look.Body, steps, look.Behind ? (int)look.Body.Width.Least : 0, look.Negated);
                break;
            case PatternNode.Atomic atomic:
                AddEnclosed(StepKind.Atomic, atomic.Body, steps);
                break;
            case PatternNode.At at:
                steps.Add(new(StepKind.Place, Place: at.Place));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(node), node, null);
        }
    }

    static void AddChoice(PatternNode.Choice choice, List<PatternStep> steps)
    {
        var exits = new List<int>();
        for (int i = 0; i < choice.Branches.Count; i++)
        {
            int fork = steps.Count;
            bool last = i == choice.Branches.Count - 1;
            if (!last) steps.Add(default);
            Add(choice.Branches[i], steps);
            if (last) break;
            exits.Add(steps.Count);
            steps.Add(default);
            steps[fork] = new(StepKind.Fork, X: fork + 1, Y: steps.Count);
        }
        foreach (int exit in exits) steps[exit] = new(StepKind.Jump, X: steps.Count);
    }

    static void AddRepeat(PatternNode.Repeat repeat, List<PatternStep> steps)
    {
        for (int i = 0; i < repeat.Least; i++) Add(repeat.Body, steps);
        var exits = new List<int>();
        bool endless = repeat.Most == int.MaxValue;
        int copies = endless ? 1 : repeat.Most - repeat.Least, start = steps.Count;
        for (int i = 0; i < copies; i++)
        {
            exits.Add(steps.Count);
            steps.Add(default);
            Add(repeat.Body, steps);
        }
        if (endless) steps.Add(new(StepKind.Jump, X: start));
        foreach (int exit in exits)
            steps[exit] = repeat.Greed == Greed.Lazy
                ? new(StepKind.Fork, X: steps.Count, Y: exit + 1)
                : new(StepKind.Fork, X: exit + 1, Y: steps.Count);
    }

    static void AddEnclosed(StepKind kind, PatternNode body, List<PatternStep> steps, int back = 0, bool negated = false)
    {
        int head = steps.Count;
        steps.Add(default);
        Add(body, steps);
        steps.Add(new(StepKind.Done));
        steps[head] = new(kind, X: steps.Count, Y: back, Flag: negated);
    }
}
