namespace Castalia.Tokens;

/// <summary>Steps that patterns may take over one text, however many patterns it meets and into however many pieces it is cut.</summary>
/// <remarks>The patterns of real tokenizers take about ten for each character.</remarks>
sealed class PatternBudget(int characters)
{
    const long StepsPerCharacter = 1000, StepsAtLeast = 50_000_000;

    [ThreadStatic] static PatternBudget? s_current;

    /// <summary>Steps that are left.</summary>
    public long Left { get; private set; } = StepsAtLeast + StepsPerCharacter * characters;

    /// <summary>Takes steps off.</summary>
    public void Spend(long steps) => Left -= steps;

    /// <summary>The budget of the text that this thread is at; of a text by itself where nothing larger was begun.</summary>
    public static PatternBudget For(string text) => s_current ?? new(text.Length);

    /// <summary>Does a piece of work, all of whose patterns share one budget.</summary>
    public static T Over<T>(int characters, Func<T> work)
    {
        var before = s_current;
        s_current = new(characters);
        try
        {
            return work();
        }
        finally
        {
            s_current = before;
        }
    }
}
