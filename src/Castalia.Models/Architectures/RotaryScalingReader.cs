using Castalia.Errors;
using Castalia.Kernels;

namespace Castalia.Architectures;

/// <summary>How a config changes rotary frequencies.</summary>
static class RotaryScalingReader
{
    const double Most = 1e100; // no product of it with a context overflows

    const string AtLeastOne = "a number of at least 1, at most 1e100", AboveZero = "a number from 1e-100 to 1e100";

    /// <summary>Reads it; null for none. The numbers are read only where the type asks for them.</summary>
    /// <param name="config">The config.</param>
    /// <param name="keys">Where to look.</param>
    /// <param name="theta">The base.</param>
    /// <param name="dims">Dimensions of a head that turn.</param>
    /// <param name="nCtx">Context length the config states, tokens.</param>
    public static RotaryScaling? Read(ConfigReader config, ScalingKeys keys, double theta, int dims, int nCtx)
    {
        if (keys.OlderFactor is { } older) return GgufScalingReader.Read(config, keys, older, nCtx);
        IReadOnlyList<string> typeNames = keys.Named([.. keys.TypeNames]);
        if (config.Text(typeNames) is not { } type)
        {
            config.Default(typeNames[0], "default");
            return null;
        }
        if (!keys.Types.Contains(type.Value)) throw ArchitectureErrors.UnknownScaling(type.Name, type.Value, keys.Types, config.File);
        switch (type.Value)
        {
            case "default": return null;
            case "linear": return new RotaryScaling.Linear(Needed("factor", v => v is >= 1 and <= Most, AtLeastOne));
            case "dynamic":
                if (dims <= 2) throw ArchitectureErrors.DynamicNeedsDims(type.Name, dims, config.File);
                if (nCtx == int.MaxValue) throw Missing("max_position_embeddings");
                Agrees("original_max_position_embeddings", nCtx);
                return new RotaryScaling.Dynamic(Needed("factor", v => v is >= 1 and <= Most, AtLeastOne), nCtx);
            case "yarn": return Yarn();
            case "llama3":
                double factor = Needed("factor", v => v is >= 1 and <= Most, AtLeastOne);
                double low = Needed("low_freq_factor", v => v is >= 1 / Most and <= Most, AboveZero);
                double high = Needed("high_freq_factor", v => v > low && v <= Most, "a number above low_freq_factor");
                return new RotaryScaling.Llama3(factor, low, high, Context() ?? throw Missing("original_max_position_embeddings"));
            default: throw new InvalidOperationException($"No rule for {type.Value}.");
        }

        RotaryScaling.Yarn Yarn()
        {
            double factor = Needed("factor", v => v is >= 1 and <= Most, AtLeastOne);
            double fast = Given("beta_fast", AboveZero) ?? 32, slow = Given("beta_slow", AboveZero) ?? 1;
            double? amplitude = Given("attention_factor", AboveZero), mscale = Given("mscale", AboveZero), all = Given("mscale_all_dim", AboveZero);
            bool truncate = Truncate();
            if (theta == 1) throw ArchitectureErrors.NoLogarithm(ConfigReader.Shown(type.Name), type.Value, config.File);
            if (nCtx == int.MaxValue && Context() is null) throw Missing("original_max_position_embeddings");
            int context = Context() ?? config.Default(keys.Named("original_max_position_embeddings")[0], nCtx, "the context length");
            if (fast <= slow) throw ArchitectureErrors.OutOfRange("beta_fast", $"{fast}", config.File, "a number above beta_slow");
            double times = amplitude ?? (mscale is { } m && all is { } a ? Amplitude(factor, m) / Amplitude(factor, a) : Amplitude(factor, 1));
            if (!float.IsFinite((float)times) || (float)times <= 0) throw ArchitectureErrors.AmplitudeOutOfRange(ConfigReader.Shown(type.Name), times, config.File);
            return new(factor, times, fast, slow, context, truncate);
        }

        bool Truncate()
        {
            foreach (string name in keys.Named("truncate"))
                if (config.Raw(name) is { } value)
                    return value.Value as bool? ?? throw ArchitectureErrors.WrongType(ConfigReader.Shown(name), value, config.File, "true or false");
            return true;
        }

        int? Context() => config.Size(keys.Named("original_max_position_embeddings"));

        // Implementations differ on which of the two is meant where they differ.
        void Agrees(string name, int expected)
        {
            if (config.Size(keys.Named(name)) is { } stated && stated != expected)
                throw ArchitectureErrors.TwoContexts(ConfigReader.Shown(type.Name), type.Value, stated, expected, config.File);
        }

        double? Given(string name, string allowed) => config.Number(keys.Named(name), v => v is >= 1 / Most and <= Most, allowed, nullIsAbsent: true);

        double Needed(string name, Func<double, bool> isAllowed, string allowed) =>
            config.Number(keys.Named(name), isAllowed, allowed) ?? throw Missing(name);

        InputException Missing(string name) => ArchitectureErrors.MissingScaling(name, ConfigReader.Shown(type.Name), type.Value, config.File);
    }

    /// <summary>How much longer YaRN makes queries and keys: the paper's 0.1·ln(factor) + 1, with the multiplier that later models state.</summary>
    public static double Amplitude(double factor, double multiplier) => factor <= 1 ? 1 : 0.1 * multiplier * Elementary.Log(factor) + 1;
}
