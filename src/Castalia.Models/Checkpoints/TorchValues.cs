namespace Castalia.Checkpoints;

/// <summary>A run of elements in a PyTorch file that one or more tensors view.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="DType">Type of its elements.</param>
/// <param name="Count">Number of elements.</param>
sealed record TorchStorage(string Key, DType DType, long Count)
{
    public long ByteLength => Count * DType.Block().Bytes;
}

/// <summary>Some of a storage, as old files gave names of their own to parts.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Start">First element.</param>
/// <param name="Count">Number of elements.</param>
sealed record StorageView(TorchStorage Storage, long Start, long Count);

/// <summary>A tensor as a pickle describes it; every element it reaches lies in its storage.</summary>
/// <param name="Storage">What it views.</param>
/// <param name="Offset">Element of the storage at index 0 of every axis.</param>
/// <param name="Shape">Lengths of the axes, outermost first.</param>
/// <param name="Strides">Elements from one index to the next of each axis; not below 0.</param>
sealed record TorchTensor(TorchStorage Storage, long Offset, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides);
