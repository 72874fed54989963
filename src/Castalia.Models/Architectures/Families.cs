namespace Castalia.Architectures;

/// <summary>The families Castalia can measure; each is described in the file of its lineage.</summary>
static class Families
{
    /// <summary>See <see cref="GptNeoXFamily"/>.</summary>
    public static Family GptNeoX => GptNeoXFamily.GptNeoX;

    /// <summary>See <see cref="LlamaFamily"/>.</summary>
    public static Family Llama => LlamaFamily.Llama;

    /// <summary>See <see cref="GgufFamilies"/>.</summary>
    public static Family LlamaGguf => GgufFamilies.Llama;

    /// <summary>Every family; laws that must hold of a family are tested over this list.</summary>
    public static readonly IReadOnlyList<Family> All =
    [
        // The study's own.
        GptNeoXFamily.GptNeoX, GptJFamilies.GptJ, Gpt2Families.Gpt2, LlamaFamily.Llama, LlamaLikeFamilies.Mistral, GemmaFamilies.Gemma,
        // Their relatives.
        Gpt2Families.Opt, Gpt2Families.GptNeo, Gpt2Families.GptBigCode, AlibiFamilies.Bloom, AlibiFamilies.Mpt, AlibiFamilies.Falcon,
        GptJFamilies.CodeGen, GptJFamilies.Phi, GptJFamilies.Cohere, LlamaLikeFamilies.Qwen2, LlamaLikeFamilies.Qwen3,
        LlamaLikeFamilies.Phi3, LlamaLikeFamilies.Olmo, LlamaLikeFamilies.Olmo2, LlamaLikeFamilies.StableLm,
        LlamaLikeFamilies.StarCoder2, LlamaLikeFamilies.Granite, LlamaLikeFamilies.Mixtral, GemmaFamilies.Gemma2, GemmaFamilies.Gemma3,
        // As llama.cpp stores them.
        GgufFamilies.Llama, GgufFamilies.Qwen2, GgufFamilies.StableLm, GgufFamilies.Falcon, GgufFamilies.Gemma3,
    ];
}
