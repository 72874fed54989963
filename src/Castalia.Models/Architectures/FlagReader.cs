using Castalia.Checkpoints;

namespace Castalia.Architectures;

/// <summary>Settles what is a matter of yes or no.</summary>
/// <param name="config">The config.</param>
/// <param name="tensors">The family's slots under this checkpoint's names.</param>
/// <param name="checkpoint">The checkpoint, of which a tensor's presence may decide.</param>
sealed class FlagReader(ConfigReader config, IReadOnlyDictionary<WeightRole, TensorSlot> tensors, Checkpoint checkpoint)
{
    /// <summary>Whether it holds.</summary>
    public bool Is(Flag flag) => flag switch
    {
        Flag.Always always => always.Value,
        Flag.ByKey key => config.Bool(key.Name, key.Default),
        Flag.ByTensor tensor => checkpoint.Find(tensors[tensor.Role].NameIn(0)) is not null == tensor.WhenStored,
        Flag.ByAnyTensor any => any.Roles.Any(IsStoredAnywhere),
        Flag.ByName named => checkpoint.Tensors.ContainsKey(named.Name),
        Flag.Unless unless => !Is(unless.Other),
        Flag.All all => all.Each.Select(Is).ToList().TrueForAll(holds => holds), // every key is asked for, so that none is unknown
        _ => throw new InvalidOperationException($"No rule for {flag}."),
    };

    bool IsStoredAnywhere(WeightRole role)
    {
        string[] around = tensors[role].Name.Split("{layer}");
        return around is [var whole]
            ? checkpoint.Tensors.ContainsKey(whole)
            : checkpoint.Tensors.Keys.Any(name => name.Length > around[0].Length + around[1].Length &&
                name.StartsWith(around[0], StringComparison.Ordinal) && name.EndsWith(around[1], StringComparison.Ordinal));
    }

    /// <summary>The value chosen. Both sides of a choice are settled, so that keys only the other asks for are not unknown.</summary>
    public T Settle<T>(Choice<T> choice)
    {
        if (choice is Choice<T>.Always always) return always.Value;
        var by = (Choice<T>.By)choice;
        T ifTrue = Settle(by.IfTrue), ifFalse = Settle(by.IfFalse);
        return Is(by.Flag) ? ifTrue : ifFalse;
    }
}
