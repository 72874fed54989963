using Castalia.Architectures;

namespace Castalia.Reports;

/// <summary>What <c>--activation</c> did, in words.</summary>
public static class ActivationText
{
    /// <summary>The choice, the activation computed, and whether it is the config's.</summary>
    public static string Of(Architecture a, GeluChoice choice) => $"--activation {choice.Word()}: {ActivationNames.Spoken(a.Activation)}" + (
        a.StatedActivation is not { } stated ? ", as stated"
        : stated == a.Activation ? ", as stated too"
        : $", where the config says {ActivationNames.Spoken(stated)}");
}
