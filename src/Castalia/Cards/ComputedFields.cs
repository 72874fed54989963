namespace Castalia.Cards;

/// <summary>What follows from other fields of a card.</summary>
static class ComputedFields
{
    const string OfSchedule = "Computed from the learning rate's peak, rise, fall and floor.";

    /// <summary>Largest relative difference between a stated and a computed value that rounding may explain.</summary>
    public const double Tolerance = 0.01;

    /// <summary>The fields that are computed where what they need is known.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "tokens", "epochs", "flat_from_step", "final_learning_rate", "decay_e_folds", "surviving_initialisation", "init_std_embedding", "init_std_input", "init_std_output",
        "vocabulary_padding",
    ];

    static readonly string[] s_ofSchedule = ["peak_learning_rate", "warmup_steps", "decay_shape", "decay_steps", "decay_aim", "learning_rate_floor"];

    /// <summary>The learning rate over the steps; null where a part of it is unknown.</summary>
    public static LearningRateSchedule? Schedule(IReadOnlyDictionary<string, CardValue> values)
    {
        double? Number(string key) => NumberOf(values, key);
        if ((values.GetValueOrDefault("decay_shape")?.Value as CardDatum.Words)?.Value is not { } word || Number("peak_learning_rate") is not { } peak || Number("warmup_steps") is not { } warmup) return null;
        if (word == "constant") return new(peak, warmup, DecayShape.Constant, 0, peak, peak);
        return Number("decay_steps") is { } steps and > 0 && Number("decay_aim") is { } aim && Number("learning_rate_floor") is { } floor
            ? new(peak, warmup, word == "cosine" ? DecayShape.Cosine : DecayShape.Linear, steps, aim, floor)
            : null;
    }

    /// <summary>What can be computed, with the fields that each follows from.</summary>
    public static IEnumerable<(string Key, double Value, string[] From, string Note)> Of(IReadOnlyDictionary<string, CardValue> values)
    {
        double? Number(string key) => NumberOf(values, key);
        double? tokens = Number("steps") * Number("batch_tokens");
        if (tokens is { } seen) yield return ("tokens", seen, ["steps", "batch_tokens"], "Steps times tokens of a step.");
        if ((tokens ?? Number("tokens")) / Number("corpus_tokens") is { } epochs)
            yield return ("epochs", epochs, ["tokens", "steps", "batch_tokens", "corpus_tokens"], "Tokens seen by tokens of the corpus.");
        if (Schedule(values) is { } schedule)
        {
            yield return ("flat_from_step", schedule.FlatFrom, s_ofSchedule, OfSchedule);
            if (Number("steps") is { } steps)
            {
                yield return ("final_learning_rate", schedule.At(steps), [.. s_ofSchedule, "steps"], OfSchedule);
                if (Number("weight_decay") is { } decay)
                {
                    double folds = decay * schedule.Integral(steps);
                    yield return ("decay_e_folds", folds, [.. s_ofSchedule, "steps", "weight_decay"], "Weight decay times the learning rate's integral over the steps.");
                    yield return ("surviving_initialisation", Math.Exp(-folds), [.. s_ofSchedule, "steps", "weight_decay"], "e to the minus of the e-folds; what gradients add or take is not in it.");
                }
            }
        }
        if (Number("d_vocab") - Number("vocabulary") is { } padding) yield return ("vocabulary_padding", padding, ["d_vocab", "vocabulary"], "Rows of the embedding less the tokens of the tokenizer.");
        foreach (string kind in new[] { "embedding", "input", "output" })
        {
            if ((values.GetValueOrDefault($"init_{kind}")?.Value as CardDatum.Words)?.Value is { } rule
                && InitialisationRule.Parse(rule)?.Deviation(Number("d_model"), Number("n_layers"), Number("d_vocab")) is { } deviation)
                yield return ($"init_std_{kind}", deviation, [$"init_{kind}", "d_model", "n_layers", "d_vocab"], $"From the rule {rule} and the model's shape.");
        }
    }

    static double? NumberOf(IReadOnlyDictionary<string, CardValue> values, string key) => (values.GetValueOrDefault(key)?.Value as CardDatum.Number)?.Value;
}
