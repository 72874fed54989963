namespace Castalia.Published;

/// <summary>Names of statistics that the study published, as the data set writes them.</summary>
static class PublishedStatistic
{
    /// <summary>Mean gain.</summary>
    public const string Mean = "mean";
    /// <summary>Standard deviation of the gains, n − 1.</summary>
    public const string Sd = "sd";
    /// <summary>Lowest gain.</summary>
    public const string Min = "min";
    /// <summary>Highest gain.</summary>
    public const string Max = "max";
    /// <summary>Student's t of the gains against 1.</summary>
    public const string T = "t";
    /// <summary>p of a mean gain below 1, one-sided.</summary>
    public const string PLess = "p_less";
    /// <summary>Pearson's r of gain and entropy.</summary>
    public const string GainPearson = "pearson_gain_entropy";
    /// <summary>Its p.</summary>
    public const string GainPearsonP = "pearson_gain_entropy_p";
    /// <summary>Spearman's ρ of gain and entropy.</summary>
    public const string GainSpearman = "spearman_gain_entropy";
    /// <summary>Its p.</summary>
    public const string GainSpearmanP = "spearman_gain_entropy_p";
    /// <summary>Pearson's r of |gain − 1| and entropy.</summary>
    public const string DeviationPearson = "pearson_deviation_entropy";
    /// <summary>Its p.</summary>
    public const string DeviationPearsonP = "pearson_deviation_entropy_p";
    /// <summary>Exponent of the power law.</summary>
    public const string Exponent = "exponent";
    /// <summary>Its standard error.</summary>
    public const string ExponentSe = "exponent_se";
    /// <summary>Intercept of the power law, log10.</summary>
    public const string Intercept = "intercept";
    /// <summary>R² of the power law.</summary>
    public const string R2 = "r2";
    /// <summary>p of an exponent of 0.</summary>
    public const string ExponentP = "p";
    /// <summary>Pearson's r of ρ = heads / head_dim and gain over models.</summary>
    public const string CrowdingPearson = "pearson_crowding_gain";
    /// <summary>Its p.</summary>
    public const string CrowdingPearsonP = "pearson_crowding_gain_p";
    /// <summary>Share of models for which "ρ at least 0.2 dampens, below expands" holds.</summary>
    public const string CrowdingAccuracy = "crowding_accuracy";
}
