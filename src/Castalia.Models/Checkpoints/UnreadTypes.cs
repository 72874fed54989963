namespace Castalia.Checkpoints;

/// <summary>Numbers of types in GGUF files that are not read: what people call them, and what to take instead.</summary>
static class UnreadTypes
{
    /// <summary>Forms that ggml keeps activations in, and two that are older than GGUF: no program writes weights so.</summary>
    static readonly Dictionary<uint, string> Inner = new() { [4] = "Q4_2", [5] = "Q4_3", [9] = "Q8_1", [15] = "Q8_K" };

    /// <summary>Rearranged forms that ggml no longer has; bitnet.cpp gives one of the numbers to a type of its own.</summary>
    static readonly Dictionary<uint, string> Rearranged = new()
    {
        [31] = "Q4_0_4_4",
        [32] = "Q4_0_4_8",
        [33] = "Q4_0_8_8",
        [36] = "IQ4_NL_4_4 (or I2_S of bitnet.cpp)",
        [37] = "IQ4_NL_4_8",
        [38] = "IQ4_NL_8_8",
    };

    static readonly Dictionary<uint, string> IkLlama = new()
    {
        [133] = "Q6_0",
        [134] = "IQ1_BN",
        [135] = "IQ2_BN",
        [137] = "IQ2_K",
        [138] = "IQ3_K",
        [139] = "IQ4_K",
        [140] = "IQ5_K",
        [141] = "IQ6_K",
        [144] = "IQ4_KS",
        [145] = "IQ2_KS",
        [146] = "IQ4_KSS",
        [152] = "IQ5_KS",
        [153] = "IQ2_KT",
        [154] = "IQ3_KT",
        [155] = "IQ4_KT",
        [156] = "IQ3_KS",
        [157] = "IQ2_KL",
        [158] = "IQ1_KT",
    };

    /// <summary>The number, and the name where there is one.</summary>
    public static string Name(uint number) =>
        Inner.TryGetValue(number, out string? name) || Rearranged.TryGetValue(number, out name) ? $"{number}, {name}"
        : IkLlama.TryGetValue(number, out name) ? $"{number}, {name} of ik_llama.cpp"
        : $"{number}, which ggml 0.18 does not have";

    /// <summary>What to take instead of a file with such a tensor.</summary>
    public static string Remedy(uint number) =>
        Rearranged.ContainsKey(number) ? $"llama.cpp no longer reads it either. Take the model's {(number < 36 ? "Q4_0" : "IQ4_NL")} file, which serves the same purpose. "
        : IkLlama.ContainsKey(number) ? "Only that program reads it. Take a file of the model that llama.cpp's own quantiser made. "
        : Inner.ContainsKey(number) ? "Weights are not stored so by any quantiser. Take another file of the model. "
        : "Take another file of the model, or make an F32 file of this one with the program that wrote it: llama-quantize --allow-requantize FILE NEWFILE F32. ";
}
