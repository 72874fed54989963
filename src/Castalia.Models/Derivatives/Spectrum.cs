namespace Castalia.Derivatives;

/// <summary>How the singular values of a Jacobian were found.</summary>
enum SpectrumMethod
{
    /// <summary>All of them, by a decomposition of the whole matrix.</summary>
    Exact,
    /// <summary>The largest with a bound and their product; the share below 1 by random probes with a standard error.</summary>
    Randomised,
}

/// <summary>The singular values of a Jacobian, or what is known of them.</summary>
sealed record Spectrum
{
    /// <summary>How they were found.</summary>
    public required SpectrumMethod Method { get; init; }

    /// <summary>σ, largest first: all of them where exact, else the leading ones.</summary>
    public required IReadOnlyList<double> SingularValues { get; init; }

    /// <summary>Bound on the error of the leading ones; 0 where exact.</summary>
    public double LeadingBound { get; init; }

    /// <summary>Σ ln σ = ln|det J|, nats; −∞ where the matrix is singular.</summary>
    public required double LogAbsDet { get; init; }

    /// <summary>Share of σ below 1.</summary>
    public required double ShareContracting { get; init; }

    /// <summary>Its standard error over probes; 0 where exact.</summary>
    public double ShareContractingError { get; init; }

    /// <summary>ln of the largest σ: λ₁.</summary>
    public double LeadingLog => Math.Log(SingularValues[0]);

    /// <summary>ln of the smallest σ; null where not all are known.</summary>
    public double? TrailingLog => Method == SpectrumMethod.Exact ? Math.Log(SingularValues[^1]) : null;
}
