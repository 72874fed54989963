using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Names of tensors without what a program that wrapped the model, or parts of it, put into them.</summary>
/// <remarks>
/// Each is the name of an attribute that holds the wrapped module, so it is a whole part of a name, at its beginning or within:
/// torch.compile, FullyShardedDataParallel of now and of before, activation checkpointing, Lightning Fabric. What else all names may begin with
/// (<c>module.</c>) is for the description to tell from the family's own names.
/// </remarks>
static class WrapperNames
{
    static readonly string[] Parts = ["_orig_mod", "_fsdp_wrapped_module", "_fpw_module", "_checkpoint_wrapped_module", "_forward_module"];

    /// <summary>A name without them.</summary>
    public static string Without(string name) => Array.Exists(Parts, part => name.Contains(part, StringComparison.Ordinal))
        ? string.Join('.', name.Split('.').Where(part => !Parts.Contains(part)))
        : name;

    /// <summary>The tensors under names without them, and which parts there were, in words; null where there were none.</summary>
    /// <exception cref="InputException">Two tensors have one name then.</exception>
    public static string? TakeOff(Dictionary<string, Tensor> tensors)
    {
        Tensor[] wrapped = [.. tensors.Values.Where(tensor => Without(tensor.Name) != tensor.Name)];
        if (wrapped.Length == 0) return null;
        foreach (var tensor in wrapped) tensors.Remove(tensor.Name);
        foreach (var tensor in wrapped)
        {
            string name = Without(tensor.Name);
            if (!tensors.TryAdd(name, tensor.Renamed(name))) throw CheckpointErrors.WrappedTwice(tensor.File, tensor.Name, name);
        }
        return string.Join(", ", Parts.Where(part => Array.Exists(wrapped, tensor => tensor.Name.Contains(part, StringComparison.Ordinal))).Select(part => $"'{part}.'"));
    }
}
