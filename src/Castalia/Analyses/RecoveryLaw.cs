using Castalia.Architectures;

namespace Castalia.Analyses;

/// <summary>Which law the wiring of a block implies for a longer or a shorter stream.</summary>
enum RecoveryLaw
{
    /// <summary>Both sublayers read a norm of h: what they add does not depend on its length, Jh = h and G(s)² = 1 + 2(r/s)cos θ + (r/s)² up to the norms' ε.</summary>
    Quadratic,
    /// <summary>The MLP reads a norm of h + a: its share of a falls as h grows, and neither holds.</summary>
    MlpReadsAttention,
    /// <summary>Sublayers read the stream without a norm: nothing holds their input's length.</summary>
    NoNormBefore,
}

/// <summary>The law of a description.</summary>
static class RecoveryLaws
{
    /// <summary>Of a model's blocks.</summary>
    public static RecoveryLaw Of(Architecture a) =>
        a.NormPlacement == NormPlacement.After ? RecoveryLaw.NoNormBefore : a.Wiring == Wiring.Sequential ? RecoveryLaw.MlpReadsAttention : RecoveryLaw.Quadratic;

    /// <summary>Its name in documents.</summary>
    public static string Name(this RecoveryLaw law) => law switch
    {
        RecoveryLaw.Quadratic => "quadratic",
        RecoveryLaw.MlpReadsAttention => "none: the MLP reads h + attn",
        RecoveryLaw.NoNormBefore => "none: no norm before the sublayers",
        _ => throw new ArgumentOutOfRangeException(nameof(law), law, null),
    };

    /// <summary>As a sentence.</summary>
    public static string Sentence(this RecoveryLaw law) => law switch
    {
        RecoveryLaw.Quadratic => "Attention and MLP both read a norm of h, so that what the block adds does not depend on how long h is: Jh = h and G(s)² = 1 + 2(r/s)cos θ + (r/s)², up to the ε of the norms.",
        RecoveryLaw.MlpReadsAttention => "The MLP reads a norm of h + attn, in which attention's share falls as h grows: neither Jh = h nor the quadratic law G(s)² = 1 + 2(r/s)cos θ + (r/s)² holds, and the departure is a reading.",
        RecoveryLaw.NoNormBefore => "Attention and MLP read the stream itself and are normed after: neither Jh = h nor the quadratic law G(s)² = 1 + 2(r/s)cos θ + (r/s)² follows, and κ is undefined.",
        _ => throw new ArgumentOutOfRangeException(nameof(law), law, null),
    };
}
