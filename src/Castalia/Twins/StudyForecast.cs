using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Tokens;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>What a study takes of memory, before anything is trained.</summary>
/// <param name="AtOnce">Networks that are trained at once.</param>
/// <param name="Bytes">What the largest so many take together, with what is kept of every network to the end.</param>
/// <param name="Said">Both, for people.</param>
sealed record StudyForecast(int AtOnce, long Bytes, string Said)
{
    /// <summary>As many networks at once as there are threads and memory for.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="available">Bytes that may be taken.</param>
    /// <exception cref="InputException">Not even one fits.</exception>
    public static StudyForecast Of(TwinPlan plan, int threads, long available)
    {
        Dictionary<(ModelTraits, int, int), NetworkNeeds> known = [];
        List<NetworkNeeds> needs = [];
        foreach (var twin in plan.Twins)
        {
            var (traits, options) = (twin.Recipe.Traits, twin.Recipe.Options);
            if (!known.TryGetValue((traits, options.Batch, options.Tokens), out var one)) known[(traits, options.Batch, options.Tokens)] = one = NetworkNeeds.Of(twin, plan.Corpus?.Tokenizer, threads);
            needs.Add(one);
        }
        needs.Sort((a, b) => b.Working.CompareTo(a.Working));
        long bytes = needs.Max(one => one.Program) + needs.Sum(one => one.Kept) + needs[0].Working;
        if (bytes > available) throw TwinErrors.TooLittleMemory(plan.Name, MemoryCheck.Size(bytes), MemoryCheck.Size(available));
        int atOnce = 1;
        for (; atOnce < Math.Min(threads, needs.Count) && bytes + needs[atOnce].Working <= available; atOnce++) bytes += needs[atOnce].Working;
        string networks = needs.Count == 1 ? "" : FormattableString.Invariant($", {atOnce} of {needs.Count} networks at once");
        return new(atOnce, bytes, $"needs about {MemoryCheck.Size(bytes)} of memory{networks}; {MemoryCheck.Size(available)} are available");
    }

    /// <summary>Of one network, bytes.</summary>
    /// <param name="Program">What any takes, once for all.</param>
    /// <param name="Working">While it is trained, and its gains are read beside that.</param>
    /// <param name="Kept">To the study's end: its readings.</param>
    sealed record NetworkNeeds(long Program, long Working, long Kept)
    {
        public static NetworkNeeds Of(Twin twin, ITokenizer? tokenizer, int threads)
        {
            var (form, options) = (twin.Cell.Form, twin.Recipe.Options);
            var training = TrainingNeeds.Of(form, options);
            var reading = TrainingNeeds.OfReading(form, Longest(options.Tokens), tokenizer, threads);
            return new(Math.Max(training.Program, reading.Program), training.Total - training.Program + reading.Total - reading.Program, reading.Readings);
        }

        /// <summary>The longest prompts that a network of some context is measured on.</summary>
        static IReadOnlyList<TokenizedPrompt> Longest(int tokens)
        {
            int[] ids = new int[tokens];
            return [.. Enumerable.Range(0, TwinPrompts.Most).Select(_ => new TokenizedPrompt(new() { Name = "", Place = "" }, ids, 0, 0))];
        }
    }
}
